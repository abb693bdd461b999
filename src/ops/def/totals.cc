#include "ops/def/totals.h"

#include <limits>

#include "base/checked.h"
#include "ops/check/validate.h"
#include "ops/def/op_def.h"

namespace narrow {

int64_t macs_of(const Graph& graph, const Op& op) {
  return op.def && op.def->macs && check_computable(graph, op) ? op.def->macs(OpView{graph, op}) : 0;
}

bool is_parameter(const Tensor& t) {
  if (!t.constant) return false;
  switch (t.dtype) {
    case DType::int32:
    case DType::int64:
      return t.quantization.present();
    case DType::boolean:
    case DType::string:
    case DType::resource:
    case DType::variant:
      return false;
    default:
      return true;
  }
}

std::vector<int32_t> file_shape(const Tensor& t) {
  if (!t.shape_signature.empty()) return t.shape_signature;
  return {t.shape.dims().begin(), t.shape.dims().end()};
}

Totals totals(const Model& model) {
  Totals sum;
  for (const Graph& graph : model.graphs) {
    sum.ops += static_cast<int64_t>(graph.ops.size());
    for (const Op& op : graph.ops)
      sum.macs = checked_add(sum.macs, macs_of(graph, op)).value_or(std::numeric_limits<int64_t>::max());
    for (const Tensor& t : graph.tensors)
      if (is_parameter(t)) sum.parameters += t.elements();
  }
  return sum;
}

}  // namespace narrow
