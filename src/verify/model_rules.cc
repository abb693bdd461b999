// Rules of models as a whole.
#include <fmt/format.h>

#include <algorithm>

#include "verify/rules.h"

namespace narrow {
namespace {

bool any_op(const Model& model, bool (*is)(const OpView&)) {
  return std::any_of(model.graphs.begin(), model.graphs.end(), [&](const Graph& g) {
    return std::any_of(g.ops.begin(), g.ops.end(), [&](const Op& op) { return is({g, op}); });
  });
}

bool reads_float16(const OpView& op) {
  const Tensor* x = op.maybe_input(0);
  return x && x->constant && x->dtype == DType::float16;
}

/// Float data with integer weights, as `quantize(scheme=dynamic)` makes them.
bool is_hybrid(const OpView& op) {
  if (!op.op.def || op.op.def->quant.versions.dynamic == 0 || op.op.outputs.empty()) return false;
  if (op.op.type == "EMBEDDING_LOOKUP") return false;  // whose float rows are all that is float about it
  const Tensor* w = op.maybe_input(1);
  return w && w->constant && (w->dtype == DType::int8 || w->dtype == DType::uint8) &&
         op.output().dtype == DType::float32;
}

}  // namespace

bool stores_floats_as_less(const OpView& op) {
  return reads_float16(op) || is_hybrid(op);
}

std::vector<Trouble> no_float_storage(const RuntimeDef& runtime, const Model& model) {
  std::vector<Trouble> found;
  if (any_op(model, reads_float16))
    found.push_back({fmt::format("holds float16 constants, which {} does not read", runtime.title),
                     "quantize the float32 model with `quantize(scheme=int8)`"});
  if (any_op(model, is_hybrid))
    found.push_back({fmt::format("is quantized dynamically, float data with integer weights, which {} does not compute",
                                 runtime.title),
                     "quantize the float model with `quantize(scheme=int8)`"});
  return found;
}

}  // namespace narrow
