#include "ops/layout/along_axis.h"

#include "ops/layout/index_operand.h"

namespace narrow {

AlongAxis along(const Shape& shape, int axis) {
  return {shape.product(0, axis), shape[axis], shape.product(axis + 1, shape.rank())};
}

Result<Axis> axis_operand(const OpView& op) {
  NARROW_TRY(int64_t const axis, index_value(op, 1, "axes"));
  return Axis::resolve(axis, op.input(0).shape.rank());
}

}  // namespace narrow
