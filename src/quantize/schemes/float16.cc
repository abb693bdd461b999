#include "quantize/schemes/float16.h"

#include <map>

#include "base/float16.h"
#include "graph/edit.h"
#include "ops/conversions/conversion.h"
#include "ops/def/op_def.h"
#include "quantize/plan/shape_ops.h"

namespace narrow {
namespace {

SharedBytes halves(std::span<const float> values) {
  std::vector<uint16_t> bits(values.size());
  for (size_t i = 0; i < values.size(); ++i) bits[i] = to_float16(values[i]);
  return SharedBytes::copy_of(std::span<const uint16_t>(bits));
}

/// Stores constant `t` as float16 and returns the computed float32 tensor that stands for it, of the same name: equal
/// names are stored once.
int store_half(Graph& graph, int t, std::vector<Op>& conversions) {
  Tensor computed = graph.tensor(t);
  graph.tensor(t).data = halves(computed.values<float>());
  graph.tensor(t).dtype = DType::float16;
  computed.constant = false;
  computed.data = {};
  int const to = add_tensor(graph, std::move(computed));
  conversions.push_back(conversion(graph, t, to));
  return to;
}

/// Stores constants of one graph as float16 and reports its ops.
void halve_constants_of(Graph& graph, int number, const Recipe& recipe, std::vector<OpOutcome>& outcomes) {
  std::map<int, int> computed;  // constant -> the tensor its DEQUANTIZE computes
  std::vector<Op> ops, source = std::move(graph.ops);
  for (Op& op : source) {
    Settings const s = recipe.settings(op_name(graph, op), op.type, Role::weight);
    bool const shapes = follows_from_shapes(graph, op);  // rounded, they might give other shapes
    int stored = 0;
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      int& t = op.inputs[i];
      if (op.def && op.def->quant.role(i) == Role::index) continue;  // sizes and bounds: kernels take them as they are
      bool const is_constant = t != kNoTensor && graph.tensor(t).constant && !graph.tensor(t).opaque;
      if (s.keep_float || shapes || !is_constant) continue;
      if (graph.tensor(t).dtype == DType::float32) computed[t] = store_half(graph, t, ops);
      auto const at = computed.find(t);
      if (at == computed.end()) continue;
      t = at->second;
      ++stored;
    }
    std::string const reason = s.keep_float ? "kept float as asked"
                               : stored > 0 ? "float16 constants"
                                            : "has no float constants";
    outcomes.push_back({op_name(graph, op), op.type, stored > 0, reason, number, stored > 0 ? "float16" : "float"});
    ops.push_back(std::move(op));
  }
  graph.ops = std::move(ops);
  for (int& t : graph.outputs)
    if (auto const at = computed.find(t); at != computed.end()) t = at->second;
}

}  // namespace

QuantizedModel quantize_float16(const Model& model, const QuantizeOptions& options) {
  QuantizedModel out{model, {}};
  for (int g = 0; g < static_cast<int>(out.model.graphs.size()); ++g)
    halve_constants_of(out.model.graphs[static_cast<size_t>(g)], g, options.recipe, out.ops);
  return out;
}

}  // namespace narrow
