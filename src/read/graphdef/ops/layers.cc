// Convolutions and matrix products.
#include "ops/layers/layers.h"

#include "ops/arithmetic/arithmetic.h"
#include "ops/layout/layout.h"
#include "read/graphdef/ops/folded.h"
#include "read/graphdef/ops/window_attributes.h"

namespace narrow::graphdef {
namespace {

/// Operand i as weights with its dimensions in another order.
Result<int> weights(Node& node, size_t i, const std::vector<int>& order) {
  NARROW_TRY(Value const v, node.value(i));
  if (v.known()) {
    const Shape& shape = v.constant->shape;
    if (shape.rank() != static_cast<int>(order.size()))
      return fail(ErrorKind::bad_file, "weights have the shape " + shape.text());
    std::vector<int32_t> dims;
    for (int const d : order) dims.push_back(shape[d]);
    NARROW_TRY(Shape const to, Shape::make(dims));
    return node.place(v.constant, order, to);
  }
  NARROW_TRY(int const t, node.place(v));
  std::vector<int32_t> const axes(order.begin(), order.end());
  return node.add(kTranspose, {}, {t, node.builder().indices(axes)}, "/weights");
}

/// Data of four dimensions with channels last.
Result<int> image(Node& node, size_t i) {
  NARROW_TRY(int const x, node.tensor(i));
  if (node.builder().shape(x).rank() != 4)
    return fail(ErrorKind::bad_file, "the data has the shape " + node.builder().shape(x).text());
  return node.channels_first() ? node.to_channels_last(x) : Result<int>(x);
}

Result<std::vector<Value>> in_layout_of(Node& node, Result<int> result) {
  if (!result || !node.channels_first()) return one(std::move(result));
  return one(node.to_channels_first(*result));
}

Result<std::vector<Value>> read_conv_2d(Node& node) {
  NARROW_TRY(int x, image(node, 0));
  NARROW_TRY(int const w, weights(node, 1, {3, 0, 1, 2}));
  NARROW_TRY(PerSide const strides, per_side(node, "strides"));
  NARROW_TRY(PerSide const dilations, per_side(node, "dilations"));
  const Shape& filter = node.builder().shape(w);
  NARROW_TRY(Padding const padding, padding_of(node, x, {filter[1], filter[2]}, strides, dilations));
  return in_layout_of(node, node.add(kConv2d,
                                     Conv2dAttributes{.padding = padding,
                                                      .stride_h = strides.h,
                                                      .stride_w = strides.w,
                                                      .dilation_h = dilations.h,
                                                      .dilation_w = dilations.w},
                                     {x, w}));
}

Result<std::vector<Value>> read_depthwise(Node& node) {
  NARROW_TRY(int x, image(node, 0));
  NARROW_TRY(Shape const filter, node.shape(1));
  if (filter.rank() != 4) return fail(ErrorKind::bad_file, "weights have the shape " + filter.text());
  NARROW_TRY(Shape const shape,
             Shape::make(std::vector<int32_t>{1, filter[0], filter[1],
                                              static_cast<int32_t>(filter.product(2, 4) % (int64_t{1} << 31))}));
  NARROW_TRY(Value const v, node.value(1));
  int w = kNoTensor;
  if (v.known()) {
    NARROW_TRY(w, node.place(v.constant, {}, shape));
  } else {
    NARROW_TRY(int const t, node.place(v));
    NARROW_TRY(w, node.add(kReshape, ReshapeAttributes{{shape.dims().begin(), shape.dims().end()}}, {t}, "/weights"));
  }
  NARROW_TRY(PerSide const strides, per_side(node, "strides"));
  NARROW_TRY(PerSide const dilations, per_side(node, "dilations"));
  NARROW_TRY(Padding const padding, padding_of(node, x, {filter[0], filter[1]}, strides, dilations));
  return in_layout_of(node, node.add(kDepthwiseConv2d,
                                     DepthwiseConv2dAttributes{.padding = padding,
                                                               .stride_h = strides.h,
                                                               .stride_w = strides.w,
                                                               .dilation_h = dilations.h,
                                                               .dilation_w = dilations.w,
                                                               .depth_multiplier = filter[3]},
                                     {x, w}));
}

Result<std::vector<Value>> read_conv_transpose(Node& node) {
  if (node.channels_first()) return fail(ErrorKind::unsupported, "a transposed convolution with channels first");
  NARROW_TRY(int const shape, index_tensor(node, 0));
  NARROW_TRY(int const w, weights(node, 1, {2, 0, 1, 3}));
  NARROW_TRY(int const x, image(node, 2));
  NARROW_TRY(PerSide const strides, per_side(node, "strides"));
  NARROW_TRY(PerSide const dilations, per_side(node, "dilations"));
  std::string const padding = node.text("padding", "");
  if (dilations.h != 1 || dilations.w != 1 || (padding != "SAME" && padding != "VALID"))
    return fail(ErrorKind::unsupported, "a transposed convolution with dilation or explicit padding");
  return one(node.add(
      kTransposeConv,
      TransposeConvAttributes{
          .padding = padding == "SAME" ? Padding::same : Padding::valid, .stride_h = strides.h, .stride_w = strides.w},
      {shape, w, x}, node.builder().at(x).dtype));
}

Result<std::vector<Value>> read_products(Node& node, bool adjoint_a, bool adjoint_b, bool matrix) {
  NARROW_TRY(int const a, node.tensor(0));
  NARROW_TRY(Value const b, node.value(1));
  int const rank = node.builder().shape(a).rank();
  if (b.known() && b.constant->shape.rank() == 2 && rank >= 2 && !adjoint_a) {
    NARROW_TRY(int const w, weights(node, 1, adjoint_b ? std::vector{0, 1} : std::vector{1, 0}));
    return one(node.add(kFullyConnected, FullyConnectedAttributes{.keep_num_dims = !matrix && rank > 2}, {a, w}));
  }
  NARROW_TRY(int const other, node.place(b));
  return one(node.add(kBatchMatmul, BatchMatmulAttributes{.adjoint_a = adjoint_a, .adjoint_b = adjoint_b}, {a, other}));
}

Result<std::vector<Value>> read_matmul(Node& node) {
  return read_products(node, node.flag("transpose_a", false), node.flag("transpose_b", false), true);
}
Result<std::vector<Value>> read_batch_matmul(Node& node) {
  return read_products(node, node.flag("adj_x", false), node.flag("adj_y", false), false);
}

/// A sum with a constant for each channel; `finish_graph` makes it the layer's own.
Result<std::vector<Value>> read_bias_add(Node& node) {
  NARROW_TRY(int x, node.tensor(0));
  if (node.channels_first()) {
    NARROW_TRY(x, node.to_channels_last(x));
  }
  NARROW_TRY(Value bias, node.value(1));
  if (bias.known()) {
    NARROW_TRY(Constant rounded, rounded_to_range(*bias.constant));
    if (bias.constant->range) bias = of_constant(std::move(rounded));
  }
  NARROW_TRY(int const b, node.place(bias));
  if (node.builder().shape(b).rank() != 1)
    return fail(ErrorKind::bad_file, "the bias has the shape " + node.builder().shape(b).text());
  NARROW_TRY(int const sum, node.add(kAdd, AddAttributes{}, {x, b}));
  node.reading().sums.insert(sum);
  return in_layout_of(node, sum);
}

constexpr NodeRule kLayersRules[] = {
    {"BatchMatMul", read_batch_matmul},
    {"BatchMatMulV2", read_batch_matmul},
    {"BatchMatMulV3", read_batch_matmul},
    {"BiasAdd", read_bias_add},
    {"BiasAddV1", read_bias_add},
    {"Conv2D", read_conv_2d},
    {"Conv2DBackpropInput", read_conv_transpose},
    {"DepthwiseConv2dNative", read_depthwise},
    {"MatMul", read_matmul},
};

}  // namespace

std::span<const NodeRule> layer_rules() {
  return kLayersRules;
}

}  // namespace narrow::graphdef
