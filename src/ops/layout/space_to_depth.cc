#include "graph/attribute_type.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"

namespace narrow {
namespace {

/// The side of the squares; the data is an image.
Result<int64_t> side_of(const OpView& op) {
  int const side = op.attributes<BlockAttributes>().size;
  if (side <= 0) return fail(ErrorKind::bad_file, "squares of side " + std::to_string(side));
  if (op.input(0).shape.rank() != 4)
    return fail(ErrorKind::bad_file, "data of shape " + op.input(0).shape.text() + " where an image is needed");
  return side;
}

std::string does_not_divide(const Shape& in, int64_t side) {
  return "an image of shape " + in.text() + " does not divide into squares of side " + std::to_string(side);
}

Result<std::vector<Shape>> infer_to_depth(const OpView& op) {
  NARROW_TRY(int64_t const side, side_of(op));
  const Shape& in = op.input(0).shape;
  if (in[1] % side != 0 || in[2] % side != 0) return fail(ErrorKind::bad_file, does_not_divide(in, side));
  int64_t const depth = in[1] > 0 && in[2] > 0 ? in[3] * side * side : in[3];
  auto const n = static_cast<int32_t>(side);
  NARROW_TRY(Shape shape, Shape::make(std::array{in[0], in[1] / n, in[2] / n, static_cast<int32_t>(depth)}));
  return std::vector{std::move(shape)};
}

Result<std::vector<Shape>> infer_to_space_space_to_depth(const OpView& op) {
  NARROW_TRY(int64_t const side, side_of(op));
  const Shape& in = op.input(0).shape;
  if (side > limits_in_force().tensor_elements || in[3] % (side * side) != 0)
    return fail(ErrorKind::bad_file, does_not_divide(in, side));
  if (in[1] * side > limits_in_force().tensor_elements || in[2] * side > limits_in_force().tensor_elements)
    return fail(ErrorKind::limit_exceeded, "an image of " + in.text() + " enlarged " + std::to_string(side) + " times");
  auto const n = static_cast<int32_t>(side);
  auto const depth = static_cast<int32_t>(in[3] / (side * side));
  NARROW_TRY(Shape shape, Shape::make(std::array{in[0], in[1] * n, in[2] * n, depth}));
  return std::vector{std::move(shape)};
}

Result<Step> lower_to_depth(const OpView& op, const LowerContext&) {
  NARROW_TRY(int64_t const n, side_of(op));
  const Shape &in = op.input(0).shape, &out = op.output().shape;
  int64_t const pixel = in[3], row = in[2] * pixel;
  return lower_view(
      op, {.dims = {{in[0], in[1] * row}, {out[1], n * row}, {out[2], n * pixel}, {n, row}, {n, pixel}, {pixel, 1}}});
}

Result<Step> lower_to_space_space_to_depth(const OpView& op, const LowerContext&) {
  NARROW_TRY(int64_t const n, side_of(op));
  const Shape &in = op.input(0).shape, &out = op.output().shape;
  int64_t const depth = out[3], pixel = in[3], row = in[2] * pixel;
  return lower_view(
      op, {.dims = {{in[0], in[1] * row}, {in[1], row}, {n, n * depth}, {in[2], pixel}, {n, depth}, {depth, 1}}});
}

}  // namespace

constexpr AttributeField kBlockFields[] = {
    field<&BlockAttributes::size>("size"),
};
const AttributeType BlockAttributes::kType = attribute_type<BlockAttributes>("Block", kBlockFields);

// 16 bits: no runtime has a kernel.
const OpDef kDepthToSpace{
    .name = "DEPTH_TO_SPACE",
    .attributes = &BlockAttributes::kType,
    .arity = {},
    .quant = {.int8 = true, .roles = {Role::activation}, .output8 = ScaleRule::same, .versions = {.int8 = 2}},
    .infer = infer_to_space_space_to_depth,
    .lower = lower_to_space_space_to_depth,
};

const OpDef kSpaceToDepth{
    .name = "SPACE_TO_DEPTH",
    .attributes = &BlockAttributes::kType,
    .arity = {},
    .quant = {.int8 = true, .roles = {Role::activation}, .output8 = ScaleRule::same, .versions = {.int8 = 2}},
    .infer = infer_to_depth,
    .lower = lower_to_depth,
};

}  // namespace narrow
