#include "ops/layers/convolution.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "graph/real_values.h"

namespace narrow {

Result<ConvGeometry> conv_geometry(const Shape& x, int filter_h, int filter_w, int out_c, const SlideAttributes& a) {
  if (x.rank() != 4)
    return fail(ErrorKind::bad_file, "the data has shape " + x.text() + "; four dimensions are needed");
  if (x[3] < 1 || out_c < 1) return fail(ErrorKind::bad_file, "data " + x.text() + " without channels");
  NARROW_TRY(Window const h, slide(x[1], filter_h, a.stride_h, a.dilation_h, a.padding));
  NARROW_TRY(Window const w, slide(x[2], filter_w, a.stride_w, a.dilation_w, a.padding));
  return ConvGeometry{{.batches = x[0],
                       .input_h = x[1],
                       .input_w = x[2],
                       .input_c = x[3],
                       .filter_h = filter_h,
                       .filter_w = filter_w,
                       .output_h = h.out,
                       .output_w = w.out,
                       .output_c = out_c,
                       .stride_h = a.stride_h,
                       .stride_w = a.stride_w,
                       .dilation_h = a.dilation_h,
                       .dilation_w = a.dilation_w,
                       .pad_top = h.pad_before,
                       .pad_left = w.pad_before,
                       .backwards = 0},
                      h.pad_after,
                      w.pad_after};
}

namespace {

/// The place along a dimension of the data that a tap of the filter meets, for a place of the result; -1 where there is
/// none.
int tap_place(int out, int tap, int stride, int dilation, int pad, int extent, bool transposed) {
  int at = transposed ? out + pad - tap : out * stride - pad + tap * dilation;
  if (transposed) {
    if (at < 0 || at % stride != 0) return -1;
    at /= stride;
  }
  return at >= 0 && at < extent ? at : -1;
}

}  // namespace

SumInputs sum_inputs_of(const ConvGeometry& g, int filter_c, bool depthwise, bool transposed) {
  SumInputs out;
  out.rows = int64_t{g.batches} * g.output_h * g.output_w;
  out.taps = int64_t{g.filter_h} * g.filter_w;
  out.run = depthwise ? 1 : filter_c;
  out.groups = g.input_c / out.run;
  for (int b = 0; b < g.batches; ++b)
    for (int oy = 0; oy < g.output_h; ++oy)
      for (int ox = 0; ox < g.output_w; ++ox)
        for (int ky = 0; ky < g.filter_h; ++ky)
          for (int kx = 0; kx < g.filter_w; ++kx) {
            int const y = tap_place(oy, ky, g.stride_h, g.dilation_h, g.pad_top, g.input_h, transposed);
            int const x = tap_place(ox, kx, g.stride_w, g.dilation_w, g.pad_left, g.input_w, transposed);
            out.first.push_back(y < 0 || x < 0 ? -1 : ((b * g.input_h + y) * g.input_w + x) * g.input_c);
          }
  return out;
}

Status check_bias(const OpView& op, size_t index, int channels) {
  const Tensor* bias = op.maybe_input(index);
  if (bias && bias->elements() != channels)
    return fail(ErrorKind::bad_file, "the bias has " + std::to_string(bias->elements()) + " elements for " +
                                         std::to_string(channels) + " channels");
  return {};
}

Result<Numbers> numbers_of(const Tensor& data, const Tensor& weights, const Tensor* bias, const Tensor& result) {
  bool const floats =
      data.dtype == DType::float32 && result.dtype == DType::float32 && (!bias || bias->dtype == DType::float32);
  if (floats && weights.dtype == DType::float32) return Numbers::floats;
  if (floats && weights.dtype == DType::int8 && weights.constant && weights.quantization.present())
    return Numbers::hybrid;
  bool const integers = data.dtype == DType::int8 || data.dtype == DType::int16;
  bool const integer_weights =
      weights.dtype == DType::int8 || weights.dtype == DType::int16 || weights.dtype == DType::int4;
  if (integers && integer_weights) return Numbers::integers;
  return fail(ErrorKind::unsupported, std::string("nothing computes ") + to_string(result.dtype) + " from " +
                                          to_string(data.dtype) + " data, " + to_string(weights.dtype) +
                                          " weights and " + (bias ? to_string(bias->dtype) : "no") + " bias");
}

std::vector<float> real_values_of(const Tensor& constant) {
  std::vector<float> out(static_cast<size_t>(constant.elements()));
  real_values(constant, constant.data.data(), out);
  return out;
}

namespace {

// Independent lanes, so that the compiler may use vectors without reordering anything.
constexpr int64_t kLanes = 16;

struct Extent {
  float lo = 0, hi = 0;
};

Extent extent(const float* v, int64_t n) {
  std::array<float, kLanes> lo{}, hi{};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (size_t j = 0; j < kLanes; ++j) {
      float const x = v[i + static_cast<int64_t>(j)];
      lo[j] = x < lo[j] ? x : lo[j];
      hi[j] = x > hi[j] ? x : hi[j];
    }
  for (; i < n; ++i) {
    lo[0] = std::min(lo[0], v[i]);
    hi[0] = std::max(hi[0], v[i]);
  }
  return {*std::min_element(lo.begin(), lo.end()), *std::max_element(hi.begin(), hi.end())};
}

}  // namespace

void round_to_own_grid(const float* from, int64_t n, float* to) {
  // Adding and taking away 1.5 * 2^23 rounds to nearest, ties to even, for magnitudes under 2^22.
  constexpr float kRounder = 12582912.0f;
  auto const [lo, hi] = extent(from, n);
  if (lo == hi) {
    std::fill(to, to + n, 0.0f);
    return;
  }
  float const scale = (hi - lo) / 255.0f;
  float const zero = std::round(-128.0f - lo / scale);
  for (int64_t i = 0; i < n; ++i) {
    float const q = (from[i] / scale + kRounder) - kRounder + zero;
    float const low = q < -128.0f ? -128.0f : q;
    to[i] = ((low > 127.0f ? 127.0f : low) - zero) * scale;
  }
}

}  // namespace narrow
