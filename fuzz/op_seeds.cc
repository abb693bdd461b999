#include "op_seeds.h"

#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "sketch.h"

namespace narrow {
namespace {

/// One op into results of one shape, all outputs.
Model finished(Sketch& s, const OpDef& def, std::vector<int> inputs, const Shape& shape, Attributes attributes = {},
               size_t results = 1, DType dtype = DType::float32) {
  std::vector<int> out;
  for (size_t i = 0; i < results; ++i) out.push_back(s.tensor(dtype, shape));
  s.op(def, std::move(inputs), out.front(), std::move(attributes));
  s.graph().ops.back().outputs = out;
  s.outputs(std::move(out));
  return s.take();
}

Model fill() {
  Sketch s(1);
  int const sizes = s.list({2, 3}), value = s.input(DType::float32, Shape());
  return finished(s, kFill, {sizes, value}, kSmallShape);
}

Model range() {
  Sketch s(1);
  return finished(s, kRange, {s.scalar(1), s.scalar(8), s.scalar(3)}, Shape::of({3}), {}, 1, DType::int32);
}

Model where() {
  Sketch s(1);
  int const condition = s.constant<uint8_t>(DType::boolean, kSmallShape, 1);
  return finished(s, kWhere, {condition}, Shape::of({6, 2}), {}, 1, DType::int64);
}

Model unique() {
  Sketch s(1);
  return finished(s, kUnique, {s.list({5, 1, 7})}, Shape::of({3}), UniqueAttributes{}, 2, DType::int32);
}

Model split() {
  Sketch s(1);
  int const axis = s.scalar(1), x = s.input(DType::float32, Shape::of({2, 4}));
  return finished(s, kSplit, {axis, x}, Shape::of({2, 2}), SplitAttributes{.count = 2}, 2);
}

Model split_v() {
  Sketch s(1);
  int const x = s.input(DType::float32, Shape::of({2, 4})), sizes = s.list({2, -1}), axis = s.scalar(-1);
  return finished(s, kSplitV, {x, sizes, axis}, Shape::of({2, 2}), SplitAttributes{.count = 2}, 2);
}

Model unpack() {
  Sketch s(1);
  int const x = s.input();
  return finished(s, kUnpack, {x}, Shape::of({3}), UnpackAttributes{.count = 2, .axis = 0}, 2);
}

/// Blocks of 2 x 1 and no padding, which one tensor of zeros says.
Model blocks(const OpDef& def, const Shape& from, const Shape& to) {
  Sketch s(1);
  int const x = s.input(DType::float32, from), block = s.list({2, 1});
  return finished(s, def, {x, block, s.constant<int32_t>(DType::int32, Shape::of({2, 2}), 0)}, to);
}

Model strided_slice() {
  Sketch s(1);
  int const x = s.input(DType::float32, Shape::of({4, 5}));
  return finished(s, kStridedSlice, {x, s.list({1, 4}), s.list({4, 0}), s.list({2, -1})}, Shape::of({2, 4}),
                  StridedSliceAttributes{});
}

Model transpose_conv() {
  Sketch s(1);
  int const size = s.list({1, 4, 4, 2}), weights = s.constant(DType::float32, Shape::of({2, 3, 3, 2}), 0.25F);
  int const x = s.input(DType::float32, Shape::of({1, 2, 2, 2}));
  return finished(s, kTransposeConv, {size, weights, x}, Shape::of({1, 4, 4, 2}),
                  TransposeConvAttributes{.stride_h = 2, .stride_w = 2});
}

Model conv_3d() {
  Sketch s(1);
  int const x = s.input(DType::float32, Shape::of({1, 2, 3, 3, 1}));
  int const weights = s.constant(DType::float32, Shape::of({2, 2, 2, 1, 2}), 0.25F);
  return finished(s, kConv3d, {x, weights}, Shape::of({1, 2, 3, 3, 2}), Conv3dAttributes{});
}

Model conv_3d_transpose() {
  Sketch s(1);
  int const size = s.list({1, 4, 3, 3, 2});
  int const weights = s.constant(DType::float32, Shape::of({2, 2, 2, 2, 1}), 0.25F);
  int const x = s.input(DType::float32, Shape::of({1, 2, 3, 3, 1}));
  return finished(s, kConv3dTranspose, {size, weights, x}, Shape::of({1, 4, 3, 3, 2}), Conv3dAttributes{.stride_d = 2});
}

Model suppression(const OpDef& def) {
  Sketch s(1);
  std::vector<int> in{s.input(DType::float32, Shape::of({3, 4})), s.input(DType::float32, Shape::of({3})), s.scalar(2)};
  while (static_cast<int>(in.size()) < def.arity.min_inputs) in.push_back(s.constant(DType::float32, Shape(), 0.5F));
  std::vector<int> out{s.tensor(DType::int32, Shape::of({2}))};
  if (def.arity.outputs == 3) out.push_back(s.tensor(DType::float32, Shape::of({2})));
  out.push_back(s.tensor(DType::int32, Shape()));
  s.op(def, std::move(in), out.front());
  s.graph().ops.back().outputs = out;
  s.outputs(std::move(out));
  return s.take();
}

Model scatter_nd() {
  Sketch s(1);
  int const positions = s.constant<int32_t>(DType::int32, Shape::of({2, 1}), 1);
  int const updates = s.input(DType::float32, Shape::of({2, 3})), size = s.list({4, 3});
  return finished(s, kScatterNd, {positions, updates, size}, Shape::of({4, 3}));
}

}  // namespace

std::vector<Model> op_seeds() {
  std::vector<Model> out;
  for (auto* make : {fill, range, where, unique, split, split_v, unpack, strided_slice, transpose_conv, conv_3d,
                     conv_3d_transpose, scatter_nd})
    out.push_back(make());
  for (const OpDef* def : {&kNonMaxSuppressionV4, &kNonMaxSuppressionV5}) out.push_back(suppression(*def));
  out.push_back(blocks(kSpaceToBatchNd, Shape::of({1, 4, 3, 1}), Shape::of({2, 2, 3, 1})));
  out.push_back(blocks(kBatchToSpaceNd, Shape::of({2, 2, 3, 1}), Shape::of({1, 4, 3, 1})));
  return out;
}

}  // namespace narrow
