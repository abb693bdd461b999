#include "quantize/plan/tensor_widths.h"

#include <set>

#include "quantize/plan/stored_constants.h"

namespace narrow {

NodeIndex::NodeIndex(const Model& model) {
  for (const Graph& g : model.graphs) {
    first_.push_back(tensors_);
    tensors_ += g.tensors.size();
  }
}

TensorWidths::TensorWidths(const Model& model)
    : NodeIndex(model), canonical_(nodes() / 2, 0), tensors_(nodes(), TensorRef{0, kNoTensor}) {}

TensorWidths find_widths(const PlacedModel& placed) {
  TensorWidths out(placed.model);
  auto compute = [&](TensorRef t, int bits) {
    out.set_canonical(t, bits);
    out.use(t, bits);
  };
  for (const TiedGroup& group : placed.decisions.tied.all())
    if (group.bits)
      for (TensorRef t : group.writes) compute(t, group.bits);
  placed.each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
    if (auto const params = conversion_params(placed.graph(g), op, d.bits))
      placed.each_result(g, op, [&](TensorRef t) { compute(t, params->bits()); });
  });
  placed.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
    placed.each_result(g, op, [&](TensorRef t) { compute(t, d.bits); });
    placed.each_inside(g, op, d.bits, [&](TensorRef t, int bits, const Inside&) { compute(t, bits); });
  });

  std::set<TensorRef> given;  // by callers
  for (int g : placed.decisions.entries)
    for (int t : placed.graph(g).inputs) given.insert({g, t});
  auto read = [&](TensorRef t, int bits) {
    if (given.contains(t) && out.canonical_bits(t) == 0) out.set_canonical(t, bits);
    out.use(t, bits);
  };
  placed.each(Placement::integer, [&](int g, const Op& op, const Decision& d) {
    placed.each_activation(g, op, [&](TensorRef t) { read(t, d.bits); });
  });
  for (const TiedGroup& group : placed.decisions.tied.all())
    for (TensorRef t : group.reads)
      if (group.bits) read(t, group.bits);
  placed.each(Placement::conversion, [&](int g, const Op& op, const Decision& d) {
    TensorRef const t{g, op.inputs[0]};
    auto const params = conversion_params(placed.graph(g), op, d.bits);
    if (!params || !placed.is_float(t) || placed.tensor(t).constant) return;
    if (out.canonical_bits(t) == params->bits() || given.contains(t)) read(t, params->bits());
  });
  return out;
}

}  // namespace narrow
