#include "ops/xnnpack/library_conv.h"

#include <algorithm>

namespace narrow {
namespace {

constexpr int64_t kMostPointers = 1 << 15;  // 256 KiB of them an operator

/// Result rows whose taps stay within kMostPointers; all of them where they do.
int band_rows(const ConvGeometry& g) {
  int64_t const row = int64_t{g.output_w} * g.filter_h * g.filter_w;
  return static_cast<int>(std::clamp<int64_t>(kMostPointers / std::max<int64_t>(row, 1), 1, std::max(g.output_h, 1)));
}

}  // namespace

Result<LibraryConv> LibraryConv::create(const FloatConv& c, const float* weights, const float* bias) {
  const ConvGeometry& g = c.geometry;
  int const rows = band_rows(g);
  bool const whole = rows >= g.output_h;
  auto u = [](int v) { return static_cast<uint32_t>(v); };
  auto n = [](int v) { return static_cast<size_t>(v); };
  int const groups = c.depthwise ? g.input_c : c.groups;
  uint32_t const flags = c.depthwise ? XNN_FLAG_DEPTHWISE_CONVOLUTION : 0;
  NARROW_TRY(
      xnn::Operator library,
      xnn::create("convolution", xnn_create_convolution2d_nhwc_f32, whole ? u(g.pad_top) : 0, u(g.pad_right),
                  whole ? u(g.pad_bottom) : 0, u(g.pad_left), u(g.filter_h), u(g.filter_w), u(g.stride_h),
                  u(g.stride_w), u(g.dilation_h), u(g.dilation_w), u(groups), n(g.input_c / groups),
                  n(g.output_c / groups), n(g.input_c), n(g.output_c), weights, bias, c.clamp.lo, c.clamp.hi, flags));
  return LibraryConv(g, rows, std::move(library));
}

/// Data rows under a band.
int LibraryConv::band_inputs() const {
  return (rows_ - 1) * g_.stride_h + (g_.filter_h - 1) * g_.dilation_h + 1;
}

int64_t LibraryConv::scratch_floats() const {
  return rows_ >= g_.output_h ? 0 : int64_t{band_inputs()} * g_.input_w * g_.input_c;
}

void LibraryConv::run(const float* x, float* y, int images, float* scratch) const {
  if (rows_ >= g_.output_h) {
    xnn::run_convolution(op_, {images, g_.input_h, g_.input_w}, x, y);
    return;
  }
  int64_t const in = int64_t{g_.input_h} * g_.input_w * g_.input_c,
                out = int64_t{g_.output_h} * g_.output_w * g_.output_c;
  for (int i = 0; i < images; ++i, x += in, y += out)
    // Bands have one size, so that the library is set up once: the last begins early enough to be whole.
    for (int first = 0; first < g_.output_h; first += rows_)
      run_band(x, y, std::min(first, g_.output_h - rows_), scratch);
}

void LibraryConv::run_band(const float* image, float* y, int first, float* scratch) const {
  int64_t const row = int64_t{g_.input_w} * g_.input_c;
  int const height = band_inputs();
  int const top = first * g_.stride_h - g_.pad_top;
  const float* x = image + top * row;
  if (top < 0 || top + height > g_.input_h) {
    // Rows of padding are zeros, as the library has them at the other edges.
    int const from = std::clamp(top, 0, g_.input_h), to = std::clamp(top + height, from, g_.input_h);
    float* at = std::fill_n(scratch, (from - top) * row, 0.0f);
    at = std::copy(image + from * row, image + to * row, at);
    std::fill(at, scratch + height * row, 0.0f);
    x = scratch;
  }
  xnn::run_convolution(op_, {1, height, g_.input_w}, x, y + int64_t{first} * g_.output_w * g_.output_c);
}

}  // namespace narrow
