// Convolutions.
#include "ops/layers/layers.h"

#include <algorithm>

#include "ops/layout/layout.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/quantized.h"
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

/// Weights with a height of 1 where they have none: [out, in, height, width].
Result<int> weights_2d(Node& n, size_t operand) {
  NARROW_TRY(int const w, n.net.plain_tensor(n.in(operand)));
  Shape const s = n.net.at(w).shape;
  if (s.rank() == 4) return w;
  if (s.rank() != 3) return not_here("weights of shape " + s.text());
  return n.net.reshaped(w, {s[0], s[1], 1, s[2]}, "");
}

/// The lengths of the kernel: the attribute, or what the weights say.
Result<std::vector<int64_t>> kernel_of(Node& n, size_t operand) {
  Shape const w = n.shape(operand);
  if (w.rank() < 3) return fail(ErrorKind::bad_file, "weights of shape " + w.text());
  std::vector<int64_t> const of_weights(w.dims().begin() + 2, w.dims().end());
  if (n.integers("kernel_shape", of_weights) != of_weights)
    return fail(ErrorKind::bad_file, "the weights have shape " + w.text() + ", not that of the kernel");
  return of_weights;
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

/// Cuts off, or puts zeros around, the whole result of a transposed convolution.
Result<int> cut_out(Node& n, int image, const std::array<int64_t, 2>& begin, const std::array<int64_t, 2>& size) {
  Shape const s = n.net.at(image).shape;
  std::array<int32_t, 2> after{};
  bool pads = false;
  for (int d = 0; d < 2; ++d) {
    after[d] = static_cast<int32_t>(std::max<int64_t>(begin[d] + size[d] - s[d + 1], 0));
    pads |= after[d] > 0;
  }
  if (pads) {
    int const by = n.net.builder().constant({.dtype = DType::int32, .shape = Shape::of({4, 2})},
                                            std::vector<int32_t>{0, 0, 0, after[0], 0, after[1], 0, 0});
    NARROW_TRY(image, n.net.add(kPad, {}, {image, by}, n.name() + "/padded"));
  }
  int const from = n.net.builder().indices({0, static_cast<int32_t>(begin[0]), static_cast<int32_t>(begin[1]), 0});
  int const length =
      n.net.builder().indices({s[0], static_cast<int32_t>(size[0]), static_cast<int32_t>(size[1]), s[3]});
  return n.net.add(kSlice, {}, {image, from, length}, n.name());
}

struct Cut {
  std::array<int64_t, 2> begin{}, size{};
};

/// Which part of the whole result a transposed convolution gives.
Result<Cut> cut_of(Node& n, const std::array<int64_t, 2>& in, const std::array<int64_t, 2>& stride,
                   const std::array<int64_t, 2>& whole, size_t spatial) {
  std::vector<int64_t> const pads = n.integers("pads", std::vector<int64_t>(2 * spatial, 0));
  std::vector<int64_t> const more = n.integers("output_padding", std::vector<int64_t>(spatial, 0));
  std::vector<int64_t> shape = n.integers("output_shape");
  if (shape.size() > spatial) shape.erase(shape.begin(), shape.end() - static_cast<int64_t>(spatial));
  std::string const automatic = n.text("auto_pad", "NOTSET");
  bool const same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  if (pads.size() != 2 * spatial || more.size() != spatial || (!shape.empty() && shape.size() != spatial))
    return fail(ErrorKind::bad_file, "pads or output_padding are not one for each dimension");
  Cut out{{0, 0}, {1, 1}};
  for (size_t i = 0; i < spatial; ++i) {
    size_t const d = i + 2 - spatial;
    if (!shape.empty() || same) {
      int64_t const size = shape.empty() ? in[d] * stride[d] : shape[i];
      int64_t const total = whole[d] + more[i] - size;
      out.begin[d] = std::max<int64_t>(automatic == "SAME_UPPER" ? total / 2 : total - total / 2, 0);
      out.size[d] = size;
    } else {
      out.begin[d] = pads[i];
      out.size[d] = whole[d] + more[i] - pads[i] - pads[i + spatial];
    }
    if (out.begin[d] < 0 || out.size[d] < 1 || out.size[d] > (1 << 24) || out.begin[d] > whole[d] || more[i] < 0 ||
        more[i] > (1 << 20))
      return fail(ErrorKind::bad_file, "pads and shapes leave nothing of the result");
  }
  return out;
}

Status read_conv_transpose(Node& n) {
  Shape const shape = n.shape(0);
  int const rank = shape.rank();
  NARROW_TRY(std::vector<int64_t> const kernel, kernel_of(n, 1));
  size_t const spatial = kernel.size();
  if (spatial > 2 || rank != static_cast<int>(spatial) + 2)
    return not_here("windows over " + std::to_string(spatial) + " dimensions");
  for (int64_t d : n.integers("dilations"))
    if (d != 1) return not_here("a dilated ConvTranspose");
  if (n.integer("group", 1) != 1) return not_here("ConvTranspose in groups");
  std::vector<int64_t> const strides = n.integers("strides", std::vector<int64_t>(spatial, 1));
  if (strides.size() != spatial) return fail(ErrorKind::bad_file, "strides are not one for each dimension");
  std::array<int64_t, 2> in{1, 1}, stride{1, 1}, whole{1, 1};
  for (size_t i = 0; i < spatial; ++i) {
    size_t const d = i + 2 - spatial;
    in[d] = shape[static_cast<int>(i) + 2];
    stride[d] = strides[i];
    if (stride[d] < 1 || stride[d] > (1 << 16))
      return fail(ErrorKind::bad_file, "a stride of " + std::to_string(stride[d]));
    whole[d] = (in[d] - 1) * stride[d] + kernel[i];
    if (whole[d] < 1 || whole[d] > (1 << 24))
      return fail(ErrorKind::bad_file, "a result of " + std::to_string(whole[d]) + " rows");
  }
  NARROW_TRY(Cut const cut, cut_of(n, in, stride, whole, spatial));
  NARROW_TRY(int const iohw, weights_2d(n, 1));
  NARROW_TRY(int const ohwi, n.net.stored({iohw, plain(4)}, {1, 2, 3, 0}));
  NARROW_TRY(int const image, as_image(n, n.in(0)));
  int const to = n.net.builder().indices(
      {shape[0], static_cast<int32_t>(whole[0]), static_cast<int32_t>(whole[1]), n.net.at(ohwi).shape[0]});
  TransposeConvAttributes a;
  a.padding = Padding::valid;
  a.stride_h = static_cast<int>(stride[0]);
  a.stride_w = static_cast<int>(stride[1]);
  std::vector<int> operands{to, ohwi, image};
  if (n.has(2)) operands.push_back(n.in(2).tensor);
  // Elements beyond the whole result hold the bias alone.
  bool const beyond = cut.begin[0] + cut.size[0] > whole[0] || cut.begin[1] + cut.size[1] > whole[1];
  if (beyond && n.has(2)) return not_here("an output_padding that leaves the whole result, with a bias,");
  NARROW_TRY(int out, n.net.add(kTransposeConv, a, operands, n.name(), DType::float32));
  if (cut.size != whole || cut.begin != std::array<int64_t, 2>{0, 0}) {
    NARROW_TRY(out, cut_out(n, out, cut.begin, cut.size));
  }
  return give_image(n, out, rank);
}

constexpr OpRow kRowsLayer[] = {
    {"Conv", read_conv, 2, 3},
    {"ConvTranspose", read_conv_transpose, 2, 3},
    {"QLinearConv", read_qlinear_conv, 8, 9},
};

}  // namespace

std::span<const OpRow> layer_rows() {
  return kRowsLayer;
}

}  // namespace narrow::onnx
