// Transposed convolutions over real numbers, as loops.
#include "ops/float_loops/blocks.h"
#include "ops/float_loops/float_loops.h"

namespace narrow::float_loops {
namespace {

/// Each pixel of the data adds to the results under its window; weights lie tap by tap.
class TransposeConv final : public FloatLayer {
 public:
  TransposeConv(const ConvGeometry& g, const Interval& clamp, const float* weights, const float* bias)
      : g_(g), clamp_(clamp), starts_(padded(bias, g.output_c)) {
    int const taps = g.filter_h * g.filter_w;
    for (int tap = 0; tap < taps; ++tap)
      pack(weights + int64_t{tap} * g.input_c, g.output_c, g.input_c, int64_t{taps} * g.input_c, weights_);
  }

  void run(const float* x, float* y, int64_t count, float*) const override {
    int64_t const pixels = int64_t{g_.output_h} * g_.output_w;
    for (int64_t i = 0; i < count; ++i, y += pixels * g_.output_c) {
      for (int64_t p = 0; p < pixels; ++p) std::copy_n(starts_.data(), g_.output_c, y + p * g_.output_c);
      for (int iy = 0; iy < g_.input_h; ++iy, x += int64_t{g_.input_w} * g_.input_c) add_row(x, iy, y);
      for (int64_t v = 0; v < pixels * g_.output_c; ++v) y[v] = clamp_.clamp(y[v]);
    }
  }

 private:
  void add_row(const float* x, int iy, float* y) const {
    int ix = 0;
    for (; ix + kRows <= g_.input_w; ix += kRows) add_pixels<kRows>(x + int64_t{ix} * g_.input_c, iy, ix, y);
    for (; ix < g_.input_w; ++ix) add_pixels<1>(x + int64_t{ix} * g_.input_c, iy, ix, y);
  }

  template <int N>
  void add_pixels(const float* x, int iy, int ix, float* y) const {
    constexpr float kNothing[kBlock] = {};
    const float* w = weights_.data();
    for (int fy = 0; fy < g_.filter_h; ++fy) {
      int const oy = iy * g_.stride_h + fy - g_.pad_top;
      for (int fx = 0; fx < g_.filter_w; ++fx)
        for (int o = 0; o < g_.output_c; o += kBlock, w += int64_t{g_.input_c} * kBlock) {
          if (oy < 0 || oy >= g_.output_h) continue;
          Sums<N> sums(kNothing);
          sums.add_products(x, g_.input_c, g_.input_c, w);
          for (int r = 0; r < N; ++r) add(sums, r, oy, (ix + r) * g_.stride_w + fx - g_.pad_left, o, y);
        }
    }
  }

  /// Adds row `r` of the sums to the results from `o` on of a pixel, if it is one.
  template <int N>
  void add(const Sums<N>& sums, int r, int oy, int ox, int o, float* y) const {
    if (ox < 0 || ox >= g_.output_w) return;
    float values[kBlock];
    std::memcpy(values, sums.of[r], sizeof values);
    float* const to = y + (int64_t{oy} * g_.output_w + ox) * g_.output_c + o;
    for (int b = 0; b < std::min(kBlock, g_.output_c - o); ++b) to[b] += values[b];
  }

  ConvGeometry g_;
  Interval clamp_;
  std::vector<float> weights_, starts_;
};

}  // namespace

FloatLayerPtr make_transpose_conv(const ConvGeometry& geometry, const Interval& clamp, const float* weights,
                                  const float* bias) {
  return std::make_shared<const TransposeConv>(geometry, clamp, weights, bias);
}

}  // namespace narrow::float_loops
