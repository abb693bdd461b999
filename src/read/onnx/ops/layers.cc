// Convolutions.
#include "ops/layers/layers.h"

#include <algorithm>

#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/quantized.h"
#include "read/onnx/ops/weights.h"
#include "read/onnx/ops/window.h"

namespace narrow::onnx {
namespace {

Conv2dAttributes conv_attributes(const Window2d& w, Padding padding) {
  Conv2dAttributes a;
  a.padding = padding;
  a.stride_h = static_cast<int>(w[0].stride);
  a.stride_w = static_cast<int>(w[1].stride);
  a.dilation_h = static_cast<int>(w[0].dilation);
  a.dilation_w = static_cast<int>(w[1].dilation);
  return a;
}

struct Layer {
  size_t weights = 1;
  int bias = kNoTensor;
  DType result = DType::float32;
  Quantization quantization{};
};

Status read_layer(Node& n, const Layer& layer) {
  const Value& x = n.in(0);
  Shape const shape = n.shape(0);
  int const rank = shape.rank();
  NARROW_TRY(std::vector<int64_t> const kernel, kernel_of(n, layer.weights));
  NARROW_TRY(Window2d const w, window_of(n, shape, kernel));
  int64_t const groups = n.integer("group", 1);
  NARROW_TRY(int const oihw, weights_2d(n, layer.weights));
  Shape const ws = n.net.at(oihw).shape;
  if (groups < 1 || shape[1] != ws[1] * groups || ws[0] % groups != 0)
    return fail(ErrorKind::bad_file, "weights " + ws.text() + " in " + std::to_string(groups) +
                                         " groups do not go with data " + shape.text());
  NARROW_TRY(int image, as_image(n, x));
  Padding padding = Padding::valid;
  if (is_same(w) && !is_valid(w)) {
    padding = Padding::same;
  } else if (!is_valid(w)) {
    NARROW_TRY(image, padded(n, image, w));
  }
  Conv2dAttributes const a = conv_attributes(w, padding);
  std::vector<int> operands{image, kNoTensor};
  if (layer.bias != kNoTensor) operands.push_back(layer.bias);
  bool const depthwise = groups > 1 && ws[1] == 1;
  NARROW_TRY(operands[1], n.net.stored({oihw, plain(4)}, depthwise ? Order{1, 2, 3, 0} : Order{0, 2, 3, 1}));
  int out = kNoTensor;
  if (depthwise) {
    DepthwiseConv2dAttributes const d{a.padding,    a.stride_h,   a.stride_w,
                                      a.dilation_h, a.dilation_w, static_cast<int>(ws[0] / groups)};
    NARROW_TRY(out, n.net.add(kDepthwiseConv2d, d, operands, n.name(), layer.result, layer.quantization));
  } else {
    NARROW_TRY(out, n.net.add(kConv2d, a, operands, n.name(), layer.result, layer.quantization));
  }
  return give_image(n, out, rank);
}

/// Over depth, height and width.
Status read_conv_3d(Node& n) {
  Shape const shape = n.shape(0), ws = n.shape(1);
  NARROW_TRY(std::vector<int64_t> const kernel, kernel_of(n, 1));
  NARROW_TRY(std::vector<WindowDim> const w, windows_of(n, shape, kernel));
  if (n.integer("group", 1) != 1) return not_here("a Conv over three dimensions in groups");
  if (ws.rank() != 5 || shape[1] != ws[1])
    return fail(ErrorKind::bad_file, "weights " + ws.text() + " do not go with data " + shape.text());
  NARROW_TRY(int volume, n.net.last(n.in(0)));
  std::vector<int32_t> around{0, 0};
  for (const WindowDim& d : w) {
    around.push_back(static_cast<int32_t>(d.before));
    around.push_back(static_cast<int32_t>(std::max<int64_t>(d.whole_after(), 0)));
  }
  around.insert(around.end(), {0, 0});
  if (std::any_of(around.begin(), around.end(), [](int32_t v) { return v != 0; })) {
    NARROW_TRY(volume, n.net.add(kPad, {}, {volume, n.net.positions(Shape::of({5, 2}), around)}, n.name() + "/padded"));
  }
  NARROW_TRY(int const weights, n.net.stored(n.in(1), {2, 3, 4, 1, 0}));
  auto const at = [&](size_t d, int64_t WindowDim::*what) { return static_cast<int>(w[d].*what); };
  Conv3dAttributes const a{.padding = Padding::valid,
                           .stride_d = at(0, &WindowDim::stride),
                           .stride_h = at(1, &WindowDim::stride),
                           .stride_w = at(2, &WindowDim::stride),
                           .dilation_d = at(0, &WindowDim::dilation),
                           .dilation_h = at(1, &WindowDim::dilation),
                           .dilation_w = at(2, &WindowDim::dilation)};
  std::vector<int> operands{volume, weights};
  if (n.has(2)) operands.push_back(n.in(2).tensor);
  return n.give(n.net.add(kConv3d, a, operands, n.name()), channels_last(5));
}

Status read_conv(Node& n) {
  if (n.shape(0).rank() == 5) return read_conv_3d(n);
  return read_layer(n, {.bias = n.has(2) ? n.in(2).tensor : kNoTensor});
}

/// x, its scale and zero point, weights, theirs, the result's scale and zero point, bias.
Status read_qlinear_conv(Node& n) {
  NARROW_CHECK(take_quantization(n, 0, 1, 2, 1));
  NARROW_CHECK(take_quantization(n, 3, 4, 5, 0));
  NARROW_TRY(Quantization const result, quantization_of(n, 6, 7, 1));
  int bias = kNoTensor;
  if (n.has(8)) {
    NARROW_TRY(bias, integer_bias(n, 8, n.tensor(0).quantization, n.tensor(3).quantization));
  }
  DType const dtype = n.has(7) ? n.tensor(7).dtype : DType::uint8;
  return read_layer(n, {.weights = 3, .bias = bias, .result = dtype, .quantization = result});
}

constexpr OpRow kRowsLayer[] = {
    {"Conv", read_conv, 2, 3},
    {"QLinearConv", read_qlinear_conv, 8, 9},
};

}  // namespace

Result<int> weights_2d(Node& n, size_t operand) {
  NARROW_TRY(int const w, n.net.plain_tensor(n.in(operand)));
  Shape const s = n.net.at(w).shape;
  if (s.rank() == 4) return w;
  if (s.rank() != 3) return not_here("weights of shape " + s.text());
  return n.net.reshaped(w, {s[0], s[1], 1, s[2]}, "");
}

Result<std::vector<int64_t>> kernel_of(Node& n, size_t operand) {
  Shape const w = n.shape(operand);
  if (w.rank() < 3) return fail(ErrorKind::bad_file, "weights of shape " + w.text());
  std::vector<int64_t> const of_weights(w.dims().begin() + 2, w.dims().end());
  if (n.integers("kernel_shape", of_weights) != of_weights)
    return fail(ErrorKind::bad_file, "the weights have shape " + w.text() + ", not that of the kernel");
  return of_weights;
}

std::span<const OpRow> layer_rows() {
  return kRowsLayer;
}

}  // namespace narrow::onnx
