#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_fill(const OpView& op) {
  if (op.input(1).elements() != 1)
    return fail(ErrorKind::bad_file, "a value of shape " + op.input(1).shape.text() + " where a scalar is needed");
  NARROW_TRY(Shape shape, shape_values(op, 0));
  return std::vector{std::move(shape)};
}

Result<Step> lower_fill(const OpView& op, const LowerContext&) {
  return lower_view(op, {.dims = {{op.output().elements(), 0}}}, 1);
}

}  // namespace

const OpDef kFill{
    .name = "FILL",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::index, Role::activation}, {.int8 = 3, .int16 = 3}),
    .infer = infer_fill,
    .lower = lower_fill,
};

}  // namespace narrow
