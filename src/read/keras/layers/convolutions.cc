// Convolutions.
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// What a convolution says of its windows, along height and width; height is 1 in layers of one dimension.
struct Windows {
  int h = 1, w = 1, stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  Padding padding = Padding::valid;
};

/// The settings, and the data as [samples, height, width, channels], padded where the padding is causal.
Result<Windows> windows_of(Layer& layer, int& x) {
  int const spatial = layer.rule().spatial;
  NARROW_TRY(x, layer.input_of_rank(spatial + 2));
  if (layer.channels_first()) {
    NARROW_TRY(x, layer.to_channels_last(x));
  }
  NARROW_TRY(std::vector<int> const kernel, layer.per_dimension("kernel_size", 1));
  NARROW_TRY(std::vector<int> const strides, layer.per_dimension("strides", 1));
  NARROW_TRY(std::vector<int> const dilations, layer.per_dimension("dilation_rate", 1));
  NARROW_TRY(std::string const padding, layer.text("padding", "valid"));
  Windows out;
  out.w = kernel.back();
  out.stride_w = strides.back();
  out.dilation_w = dilations.back();
  if (spatial == 2) {
    out.h = kernel[0];
    out.stride_h = strides[0];
    out.dilation_h = dilations[0];
  }
  if (padding == "same") {
    out.padding = Padding::same;
  } else if (padding == "causal" && spatial == 1) {
    int64_t const before = int64_t{out.w - 1} * out.dilation_w;
    if (before > 1 << 20) return fail(ErrorKind::limit_exceeded, "its filter reaches too far");
    NARROW_TRY(x,
               layer.add(kPad, {},
                         {x, layer.indices("pads", Shape::of({3, 2}), {0, 0, static_cast<int32_t>(before), 0, 0, 0})}));
  } else if (padding != "valid") {
    return layer.refused("padding");
  }
  if (spatial == 1) {
    NARROW_TRY(x, layer.widened(x));
  }
  return out;
}

std::vector<int32_t> filter_shape(const Layer& layer, const Windows& windows, std::initializer_list<int32_t> channels) {
  std::vector<int32_t> out;
  if (layer.rule().spatial == 2) out.push_back(windows.h);
  out.push_back(windows.w);
  out.insert(out.end(), channels);
  return out;
}

/// Weights [height, width, in, out], or without height, in the order OHWI.
Result<int> ohwi(Layer& layer, const KerasArray& kernel, const Windows& windows) {
  int const r = kernel.shape.rank();
  std::vector<int> order{r - 1};
  for (int d = 0; d < r - 1; ++d) order.push_back(d);
  NARROW_TRY(Shape const shape,
             Shape::make(std::vector<int32_t>{kernel.shape.back(), windows.h, windows.w, kernel.shape[r - 2]}));
  return layer.place(kernel, order, shape);
}

/// Operands with the bias behind them, where the layer has one: array `at`, which is the last.
Result<std::vector<int>> with_bias(Layer& layer, std::vector<int> operands, size_t at, int channels) {
  NARROW_TRY(bool const biased, layer.flag("use_bias", true));
  NARROW_CHECK(layer.has_weights(at + (biased ? 1 : 0)));
  if (biased) {
    NARROW_TRY(const KerasArray* const bias, layer.weight(at, {channels}));
    NARROW_TRY(int const b, layer.place(*bias));
    operands.push_back(b);
  }
  return operands;
}

Result<int> finished(Layer& layer, int y) {
  if (layer.rule().spatial == 1) {
    NARROW_TRY(y, layer.narrowed(y));
  }
  NARROW_TRY(y, layer.activated(y));
  return layer.channels_first() ? layer.to_channels_first(y) : Result<int>(y);
}

Conv2dAttributes conv_attributes(const Windows& v) {
  return {.padding = v.padding,
          .stride_h = v.stride_h,
          .stride_w = v.stride_w,
          .dilation_h = v.dilation_h,
          .dilation_w = v.dilation_w};
}

Result<int> build_conv(Layer& layer) {
  int x = kNoTensor;
  NARROW_TRY(Windows const windows, windows_of(layer, x));
  NARROW_TRY(int const filters, layer.integer("filters", -1));
  NARROW_TRY(int const groups, layer.integer("groups", 1));
  int const in = layer.shape(x).back();
  if (filters < 1) return fail(ErrorKind::bad_file, "it has " + std::to_string(filters) + " filters");
  if (groups < 1 || in % groups != 0 || filters % groups != 0)
    return fail(ErrorKind::bad_file, std::to_string(groups) + " groups do not divide its channels");
  NARROW_TRY(const KerasArray* const kernel, layer.weight(0, filter_shape(layer, windows, {in / groups, filters})));
  NARROW_TRY(int const w, ohwi(layer, *kernel, windows));
  NARROW_TRY(std::vector<int> operands, with_bias(layer, {x, w}, 1, filters));
  NARROW_TRY(int const y, layer.add(kConv2d, conv_attributes(windows), std::move(operands)));
  return finished(layer, y);
}

/// A depthwise convolution by array 0.
Result<int> depthwise(Layer& layer, int x, const Windows& windows, bool biased) {
  NARROW_TRY(int const multiplier, layer.integer("depth_multiplier", 1));
  int const in = layer.shape(x).back();
  NARROW_TRY(const KerasArray* const kernel, layer.weight(0, filter_shape(layer, windows, {in, multiplier})));
  int const out = static_cast<int>(kernel->shape.product(kernel->shape.rank() - 2, kernel->shape.rank()));
  NARROW_TRY(Shape const shape, Shape::make(std::vector<int32_t>{1, windows.h, windows.w, out}));
  NARROW_TRY(int const w, layer.place(*kernel, {}, shape));
  std::vector<int> operands{x, w};
  if (biased) {
    NARROW_TRY(operands, with_bias(layer, operands, 1, out));
  }
  return layer.add(kDepthwiseConv2d,
                   DepthwiseConv2dAttributes{.padding = windows.padding,
                                             .stride_h = windows.stride_h,
                                             .stride_w = windows.stride_w,
                                             .dilation_h = windows.dilation_h,
                                             .dilation_w = windows.dilation_w,
                                             .depth_multiplier = multiplier},
                   std::move(operands));
}

Result<int> build_depthwise(Layer& layer) {
  int x = kNoTensor;
  NARROW_TRY(Windows const windows, windows_of(layer, x));
  NARROW_TRY(int const y, depthwise(layer, x, windows, true));
  return finished(layer, y);
}

Result<int> build_separable(Layer& layer) {
  int x = kNoTensor;
  NARROW_TRY(Windows const windows, windows_of(layer, x));
  NARROW_TRY(int const filters, layer.integer("filters", -1));
  NARROW_TRY(int const deep, depthwise(layer, x, windows, false));
  Windows const point;
  NARROW_TRY(const KerasArray* const kernel,
             layer.weight(1, filter_shape(layer, point, {layer.shape(deep).back(), filters})));
  NARROW_TRY(int const w, ohwi(layer, *kernel, point));
  NARROW_TRY(std::vector<int> operands, with_bias(layer, {deep, w}, 2, filters));
  NARROW_TRY(int const y, layer.add(kConv2d, conv_attributes(point), std::move(operands)));
  return finished(layer, y);
}

/// Elements along a dimension of the result of a transposed convolution.
int64_t transposed_length(int in, int filter, int stride, Padding padding) {
  return padding == Padding::same ? int64_t{in} * stride : int64_t{in} * stride + std::max(filter - stride, 0);
}

Result<int> build_conv_transpose(Layer& layer) {
  int x = kNoTensor;
  NARROW_TRY(Windows const windows, windows_of(layer, x));
  NARROW_TRY(int const filters, layer.integer("filters", -1));
  if (layer.setting("output_padding")) return layer.refused("output_padding");
  if (windows.dilation_h != 1 || windows.dilation_w != 1) return layer.refused("dilation_rate");
  if (layer.is_free_inside(x))
    return fail(ErrorKind::unsupported, "the size of its data is free", "", "`shape` gives it a size");
  NARROW_TRY(const KerasArray* const kernel,
             layer.weight(0, filter_shape(layer, windows, {filters, layer.shape(x).back()})));
  int const r = kernel->shape.rank();
  std::vector<int> order{r - 2};
  for (int d = 0; d < r; ++d)
    if (d != r - 2) order.push_back(d);
  NARROW_TRY(Shape const shape, Shape::make(std::vector<int32_t>{filters, windows.h, windows.w, kernel->shape.back()}));
  int64_t const h = transposed_length(layer.shape(x)[1], windows.h, windows.stride_h, windows.padding);
  int64_t const w = transposed_length(layer.shape(x)[2], windows.w, windows.stride_w, windows.padding);
  if (h > 1 << 30 || w > 1 << 30) return fail(ErrorKind::limit_exceeded, "its result is too large");
  int const size =
      layer.indices("output_shape", {layer.shape(x)[0], static_cast<int32_t>(h), static_cast<int32_t>(w), filters});
  NARROW_TRY(int const placed, layer.place(*kernel, order, shape));
  NARROW_TRY(std::vector<int> operands, with_bias(layer, {size, placed, x}, 1, filters));
  NARROW_TRY(int const y,
             layer.add(kTransposeConv,
                       TransposeConvAttributes{
                           .padding = windows.padding, .stride_h = windows.stride_h, .stride_w = windows.stride_w},
                       std::move(operands), DType::float32));
  if (layer.is_free(x, 0)) {
    const Shape& s = layer.shape(y);
    layer.builder().at(y).shape_signature = {-1, s[1], s[2], s[3]};
  }
  return finished(layer, y);
}

constexpr LayerRule kConvolutionLayers[] = {
    {"Conv1D", build_conv, nullptr, 1},
    {"Conv1DTranspose", build_conv_transpose, nullptr, 1},
    {"Conv2D", build_conv, nullptr, 2},
    {"Conv2DTranspose", build_conv_transpose, nullptr, 2},
    {"Convolution1D", build_conv, nullptr, 1},
    {"Convolution2D", build_conv, nullptr, 2},
    {"DepthwiseConv1D", build_depthwise, nullptr, 1},
    {"DepthwiseConv2D", build_depthwise, nullptr, 2},
    {"SeparableConv1D", build_separable, nullptr, 1},
    {"SeparableConv2D", build_separable, nullptr, 2},
};

}  // namespace

std::span<const LayerRule> convolution_layers() {
  return kConvolutionLayers;
}

}  // namespace narrow::keras
