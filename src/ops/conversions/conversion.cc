#include "ops/conversions/conversion.h"

#include "ops/conversions/conversions.h"

namespace narrow {

Op conversion(const Graph& graph, int from, int to) {
  DType const source = graph.tensor(from).dtype, target = graph.tensor(to).dtype;
  Op op;
  if (target == DType::float32) {
    op.def = &kDequantize;
    op.version = source == DType::int16 || source == DType::float16 ? 3 : 2;
  } else {
    op.def = &kQuantize;
    op.version = source != DType::float32 || target == DType::int16 ? 2 : 1;
  }
  op.type = op.def->name;
  op.inputs = {from};
  op.outputs = {to};
  return op;
}

}  // namespace narrow
