#include "base/checked.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"
#include "rows/layout.h"

extern "C" {
#include "portable/layout/space_to_batch.h"
}

namespace narrow {
namespace {

/// An image of any rank the ops take.
struct Image {
  int64_t batch = 1, height = 1, width = 1, depth = 1;
};

Image image_of(const Shape& s) {
  return {s[0], s[1], s.rank() == 4 ? s[2] : 1, s.back()};
}

Result<std::vector<Shape>> shape_like(const Shape& in, const Image& image) {
  for (int64_t v : {image.batch, image.height, image.width})
    if (v > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "a dimension of " + std::to_string(v) + " elements");
  std::vector<int32_t> dims{static_cast<int32_t>(image.batch), static_cast<int32_t>(image.height)};
  if (in.rank() == 4) dims.push_back(static_cast<int32_t>(image.width));
  dims.push_back(in.back());
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<std::vector<Shape>> infer_to_batch(const OpView& op) {
  NARROW_TRY(Blocks const b, blocks_of(op));
  Image image = image_of(op.input(0).shape);
  image.height += b.top + b.bottom;
  image.width += b.left + b.right;
  if (image.height % b.rows != 0 || image.width % b.columns != 0)
    return fail(ErrorKind::bad_file, "padded images of " + std::to_string(image.height) + " by " +
                                         std::to_string(image.width) + " do not divide into blocks of " +
                                         std::to_string(b.rows) + " by " + std::to_string(b.columns));
  image.height /= b.rows;
  image.width /= b.columns;
  auto const batch = checked_mul(image.batch, b.rows * b.columns);
  if (!batch) return fail(ErrorKind::limit_exceeded, "the blocks make too many images");
  image.batch = *batch;
  return shape_like(op.input(0).shape, image);
}

Result<std::vector<Shape>> infer_to_space_space_to_batch_nd(const OpView& op) {
  NARROW_TRY(Blocks const b, blocks_of(op));
  Image image = image_of(op.input(0).shape);
  if (image.batch % (b.rows * b.columns) != 0)
    return fail(ErrorKind::bad_file, std::to_string(image.batch) + " images do not make blocks of " +
                                         std::to_string(b.rows) + " by " + std::to_string(b.columns));
  image.batch /= b.rows * b.columns;
  image.height = image.height * b.rows - b.top - b.bottom;
  image.width = image.width * b.columns - b.left - b.right;
  if (image.height < 0 || image.width < 0) return fail(ErrorKind::bad_file, "more is cropped than there is");
  return shape_like(op.input(0).shape, image);
}

nw_space_to_batch_params params_of_space_to_batch_nd(const Image& whole, const Image& tiles, const Blocks& b,
                                                     int32_t bytes) {
  return {.batch = static_cast<nw_i32>(whole.batch),
          .height = static_cast<nw_i32>(whole.height),
          .width = static_cast<nw_i32>(whole.width),
          .tile_height = static_cast<nw_i32>(tiles.height),
          .tile_width = static_cast<nw_i32>(tiles.width),
          .block_h = static_cast<nw_i32>(b.rows),
          .block_w = static_cast<nw_i32>(b.columns),
          .top = static_cast<nw_i32>(b.top),
          .left = static_cast<nw_i32>(b.left),
          .depth = static_cast<nw_i32>(whole.depth),
          .element_bytes = bytes};
}

Result<Step> lower_to_batch(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_CHECK(check_same_scales(op));
  NARROW_TRY(Blocks const b, blocks_of(op));
  auto const p = params_of_space_to_batch_nd(image_of(op.input(0).shape), image_of(op.output().shape), b, bytes);
  KernelCall call = kernel_call(kSpaceToBatchAny, p, {array(0), operand(0), result()});
  call.arrays.push_back(element_array("value", zero_of(op.output()), bytes));
  return call_step(std::move(call));
}

Result<Step> lower_to_space_space_to_batch_nd(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_CHECK(check_same_scales(op));
  NARROW_TRY(Blocks const b, blocks_of(op));
  auto const p = params_of_space_to_batch_nd(image_of(op.output().shape), image_of(op.input(0).shape), b, bytes);
  return call_step(kernel_call(kBatchToSpaceAny, p, {operand(0), result()}));
}

int version_space_to_batch_nd(const OpView& op) {
  return op.input(0).shape.rank() != 4 ? 3 : 1;
}

}  // namespace

Result<Blocks> blocks_of(const OpView& op) {
  const Shape& in = op.input(0).shape;
  if (in.rank() != 3 && in.rank() != 4)
    return fail(ErrorKind::unsupported, "images of shape " + in.text() + "; with 3 or 4 dimensions they are computed");
  NARROW_TRY(std::vector<int64_t> block, index_values(op, 1, "blocks"));
  NARROW_TRY(std::vector<int64_t> border, index_values(op, 2, "paddings"));
  auto const spatial = static_cast<size_t>(in.rank()) - 2;
  if (block.size() != spatial || border.size() != 2 * spatial)
    return fail(ErrorKind::bad_file, std::to_string(block.size()) + " blocks and " + std::to_string(border.size()) +
                                         " paddings for images of shape " + in.text());
  block.resize(2, 1);
  border.resize(4, 0);
  for (int64_t v : block)
    if (v < 1 || v > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "a block of " + std::to_string(v) + " elements");
  for (int64_t v : border)
    if (v < 0 || v > limits_in_force().tensor_elements)
      return fail(ErrorKind::bad_file, "a padding of " + std::to_string(v) + " elements");
  return Blocks{block[0], block[1], border[0], border[1], border[2], border[3]};
}

const OpDef kBatchToSpaceNd{
    .name = "BATCH_TO_SPACE_ND",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 4}),
    .infer = infer_to_space_space_to_batch_nd,
    .lower = lower_to_space_space_to_batch_nd,
    .version = version_space_to_batch_nd,
};

const OpDef kSpaceToBatchNd{
    .name = "SPACE_TO_BATCH_ND",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 4}),
    .infer = infer_to_batch,
    .lower = lower_to_batch,
    .version = version_space_to_batch_nd,
};

}  // namespace narrow
