#include "ops/along_axis.h"

#include "ops/index_operand.h"

namespace narrow {

AlongAxis along(const Shape& shape, int axis) {
  return {shape.product(0, axis), shape[axis], shape.product(axis + 1, shape.rank())};
}

Result<Axis> axis_operand(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const axes, index_values(op, 1, "an axis"));
  if (axes.size() != 1)
    return fail(ErrorKind::bad_file, std::to_string(axes.size()) + " axes are given where one is needed");
  return Axis::resolve(axes[0], op.input(0).shape.rank());
}

}  // namespace narrow
