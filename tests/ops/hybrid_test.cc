// Float data that meets integer weights, against its definition: the data of a row or a sample is rounded to 8 bits of
// its own, then the products of real numbers are added up.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "one_op.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

/// The nearest of 256 values between the ends of the row's range, which is widened to hold zero; zero is one of them.
std::vector<double> rounded(const std::vector<float>& row) {
  double const lo = std::min(0.0F, *std::min_element(row.begin(), row.end()));
  double const hi = std::max(0.0F, *std::max_element(row.begin(), row.end()));
  if (lo == hi) return std::vector<double>(row.size(), 0);
  double const scale = (hi - lo) / 255, zero = std::round(-128 - lo / scale);
  std::vector<double> out;
  for (float v : row) {
    double const q = std::clamp(std::nearbyint(static_cast<double>(v) / scale) + zero, -128.0, 127.0);
    out.push_back((q - zero) * scale);
  }
  return out;
}

std::vector<float> slice(const std::vector<float>& v, size_t row, size_t length) {
  auto const at = v.begin() + static_cast<std::ptrdiff_t>(row * length);
  return {at, at + static_cast<std::ptrdiff_t>(length)};
}

/// Rows of very different size, some all of one sign, some all zero.
std::vector<float> rows_of(Random& r, size_t rows, size_t length) {
  std::vector<float> out;
  for (size_t i = 0; i < rows; ++i) {
    float const size = r.chance(0.1) ? 0 : r.scale(-6, 6), lo = r.chance(0.3) ? 0 : -1;
    for (size_t k = 0; k < length; ++k) out.push_back(static_cast<float>(r.real(static_cast<double>(lo), 1)) * size);
  }
  return out;
}

/// int8 weights, with a scale for each of `channels` or one for all.
struct Weights {
  std::vector<int8_t> values;
  Quantization q;
  double real(size_t at, size_t channel) const {
    return values[at] * static_cast<double>(q.scales[q.per_axis() ? channel : 0]);
  }
};
Weights draw_weights(Random& r, int64_t n, size_t channels, int axis) {
  Weights w{r.values<int8_t>(n), {{}, {}, axis}};
  for (int8_t& v : w.values) v = std::max<int8_t>(v, -127);
  if (channels > 1 && r.chance(0.3)) channels = 1;
  for (size_t c = 0; c < channels; ++c) w.q.scales.push_back(r.scale(-9, -6));
  w.q.zero_points.assign(channels, 0);
  return w;
}

void expect_near(const std::vector<float>& got, const std::vector<double>& want, const std::vector<double>& sizes) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(static_cast<double>(got[i]), want[i], 1e-5 * sizes[i] + 1e-12) << "element " << i;
}

TEST(Hybrid, RowsOfDenseLayersAreRoundedOnTheirOwn) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    SCOPED_TRACE(i);
    auto const rows = static_cast<int32_t>(r.between(1, 5)), in = static_cast<int32_t>(r.between(1, 60));
    auto const out = static_cast<int32_t>(r.between(1, 9));
    Weights const w = draw_weights(r, int64_t{out} * in, static_cast<size_t>(out), 0);
    std::vector<float> const bias = r.values<float>(out);
    OneOp op(kFullyConnected,
             FullyConnectedAttributes{.activation = Activation::relu, .asymmetric_quantize_inputs = true});
    op.input<float>(Shape::of({rows, in}))
        .constant(Shape::of({out, in}), w.values, w.q)
        .constant(Shape::of({out}), bias);
    op.result<float>();
    std::vector<float> const x = rows_of(r, static_cast<size_t>(2 * rows), static_cast<size_t>(in));
    std::vector<double> want, sizes;
    for (size_t row = 0; row < static_cast<size_t>(2 * rows); ++row) {
      auto const q = rounded(slice(x, row, static_cast<size_t>(in)));
      for (size_t o = 0; o < static_cast<size_t>(out); ++o) {
        double sum = static_cast<double>(bias[o]), size = std::abs(sum);
        for (size_t k = 0; k < q.size(); ++k) {
          double const product = q[k] * w.real(o * q.size() + k, o);
          sum += product;
          size += std::abs(product);
        }
        want.push_back(std::max(sum, 0.0));
        sizes.push_back(size);
      }
    }
    expect_near(op.run<float>("narrow", {x}, 2), want, sizes);
  }
}

TEST(Hybrid, ImagesOfConvolutionsAreRoundedOnTheirOwn) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    SCOPED_TRACE(i);
    bool const depthwise = i % 2 == 1;
    auto const h = static_cast<int32_t>(r.between(3, 6)), w = static_cast<int32_t>(r.between(3, 6));
    auto const c = static_cast<int32_t>(r.between(1, 5)),
               out = depthwise ? 2 * c : static_cast<int32_t>(r.between(1, 7));
    Weights const f =
        draw_weights(r, int64_t{9} * out * (depthwise ? 1 : c), static_cast<size_t>(out), depthwise ? 3 : 0);
    OneOp op = depthwise ? OneOp(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = Padding::valid})
                         : OneOp(kConv2d, Conv2dAttributes{.padding = Padding::valid});
    op.input<float>(Shape::of({1, h, w, c}));
    op.constant(depthwise ? Shape::of({1, 3, 3, out}) : Shape::of({out, 3, 3, c}), f.values, f.q);
    op.result<float>();
    auto const image = static_cast<size_t>(h * w * c);
    std::vector<float> const x = rows_of(r, 3, image);
    std::vector<double> want, sizes;
    for (size_t n = 0; n < 3; ++n) {
      auto const q = rounded(slice(x, n, image));
      for (int y = 0; y + 3 <= h; ++y)
        for (int z = 0; z + 3 <= w; ++z)
          for (int o = 0; o < out; ++o) {
            double sum = 0, size = 0;
            for (int tap = 0; tap < 9; ++tap)
              for (int k = depthwise ? o / 2 : 0; k < (depthwise ? o / 2 + 1 : c); ++k) {
                int const at = depthwise ? tap * out + o : (o * 9 + tap) * c + k;
                double const v = q[static_cast<size_t>(((y + tap / 3) * w + z + tap % 3) * c + k)];
                double const product = v * f.real(static_cast<size_t>(at), static_cast<size_t>(o));
                sum += product;
                size += std::abs(product);
              }
            want.push_back(sum);
            sizes.push_back(size);
          }
    }
    expect_near(op.run<float>("narrow", {x}, 3), want, sizes);
    expect_near(op.run<float>("narrow", {x}, 3, true), want, sizes);
  }
}

TEST(Hybrid, RowsOfProductsAreRoundedOnTheirOwn) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 50; ++i) {
    SCOPED_TRACE(i);
    bool const asymmetric = i % 2 == 1;
    auto const rows = static_cast<int32_t>(r.between(1, 5)), depth = static_cast<int32_t>(r.between(1, 40));
    auto const cols = static_cast<int32_t>(r.between(1, 6));
    Weights const b = draw_weights(r, int64_t{depth} * cols, 1, 0);
    OneOp op(kBatchMatmul, BatchMatmulAttributes{.asymmetric_quantize_inputs = asymmetric});
    op.input<float>(Shape::of({rows, depth})).constant(Shape::of({depth, cols}), b.values, b.q).result<float>();
    std::vector<float> const x = rows_of(r, static_cast<size_t>(rows), static_cast<size_t>(depth));
    std::vector<double> want, sizes;
    for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
      std::vector<float> const own = slice(x, row, static_cast<size_t>(depth));
      std::vector<double> q = rounded(own);
      if (!asymmetric) {  // the largest magnitude becomes 127
        double most = 0;
        for (float v : own) most = std::max(most, std::abs(static_cast<double>(v)));
        for (size_t k = 0; k < q.size(); ++k)
          q[k] = most == 0 ? 0 : std::round(static_cast<double>(own[k]) / (most / 127)) * (most / 127);
      }
      for (size_t o = 0; o < static_cast<size_t>(cols); ++o) {
        double sum = 0, size = 0;
        for (size_t k = 0; k < q.size(); ++k) {
          double const product = q[k] * b.real(k * static_cast<size_t>(cols) + o, 0);
          sum += product;
          size += std::abs(product);
        }
        want.push_back(sum);
        sizes.push_back(size);
      }
    }
    expect_near(op.run<float>("narrow", {x}), want, sizes);
  }
}

}  // namespace
}  // namespace narrow
