#include "ops/layout/copy.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_expand_dims(const OpView& op) {
  const Shape& in = op.input(0).shape;
  NARROW_TRY(std::vector<int64_t> const axes, index_values(op, 1, "axes"));
  if (axes.size() != 1) return fail(ErrorKind::bad_file, std::to_string(axes.size()) + " axes where one is needed");
  NARROW_TRY(Axis const axis, Axis::resolve(axes[0], in.rank() + 1));
  std::vector<int32_t> dims(in.dims().begin(), in.dims().end());
  dims.insert(dims.begin() + axis.index(), 1);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_expand_dims(const OpView& op, const LowerContext& context) {
  NARROW_CHECK(check_same_scales(op));
  return lower_copy(op, context);
}

}  // namespace

const OpDef kExpandDims{
    .name = "EXPAND_DIMS",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 1, .int16 = 1}),
    .infer = infer_expand_dims,
    .lower = lower_expand_dims,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 1,
};

}  // namespace narrow
