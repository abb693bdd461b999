// Float layers as narrow's own loops beside the library's.
#include "ops/float_loops/float_loops.h"

#include <gtest/gtest.h>

#include "ops/float_layers/float_layers.h"
#include "random.h"

namespace narrow {
namespace {

constexpr int kImages = 3;

/// Errors of sums are measured beside sums of absolute values, which are at most `terms` times 16 here.
void expect_near(const std::vector<float>& want, const std::vector<float>& got, int64_t terms) {
  ASSERT_EQ(want.size(), got.size());
  double worst = 0;
  for (size_t i = 0; i < want.size(); ++i) worst = std::max(worst, std::abs(double{want[i]} - double{got[i]}));
  EXPECT_LT(worst, 1e-6 * 16 * static_cast<double>(terms));
}

std::vector<float> run(const FloatLayer& layer, const std::vector<float>& x, int64_t results, int64_t count) {
  // Behind the results is room that must stay as it is.
  std::vector<float> y(static_cast<size_t>(results * count + 16), -77.0f);
  std::vector<float> scratch(static_cast<size_t>(layer.scratch_floats()));
  layer.run(x.data(), y.data(), count, scratch.data());
  for (size_t i = 0; i < 16; ++i) EXPECT_EQ(y[y.size() - 1 - i], -77.0f);
  y.resize(y.size() - 16);
  return y;
}

int draw(Random& random, int lo, int hi) {
  return static_cast<int>(random.between(lo, hi));
}

/// A layer of up to 9 x 9 pixels, with padding before and behind that is less than the filter.
FloatConv draw_conv(Random& random) {
  FloatConv c;
  ConvGeometry& g = c.geometry;
  g = {};
  g.batches = 1;
  c.depthwise = random.chance(0.4);
  c.groups = c.depthwise || random.chance(0.7) ? 1 : draw(random, 2, 3);
  g.input_c = c.groups * draw(random, 1, 19);
  g.output_c = c.depthwise ? g.input_c * draw(random, 1, 3) : c.groups * draw(random, 1, 19);
  g.filter_h = draw(random, 1, 4), g.filter_w = draw(random, 1, 4);
  g.stride_h = draw(random, 1, 3), g.stride_w = draw(random, 1, 3);
  g.dilation_h = draw(random, 1, 2), g.dilation_w = draw(random, 1, 2);
  g.pad_top = draw(random, 0, g.filter_h - 1), g.pad_left = draw(random, 0, g.filter_w - 1);
  g.pad_bottom = draw(random, 0, g.filter_h - 1), g.pad_right = draw(random, 0, g.filter_w - 1);
  int const span_h = (g.filter_h - 1) * g.dilation_h + 1, span_w = (g.filter_w - 1) * g.dilation_w + 1;
  g.input_h = span_h + draw(random, 0, 8), g.input_w = span_w + draw(random, 0, 8);
  g.output_h = (g.input_h + g.pad_top + g.pad_bottom - span_h) / g.stride_h + 1;
  g.output_w = (g.input_w + g.pad_left + g.pad_right - span_w) / g.stride_w + 1;
  if (random.chance(0.3)) c.clamp = {0, 6};
  return c;
}

TEST(FloatLoops, ConvolutionsAreNearTheLibrarys) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int i = 0; i < 400; ++i) {
    FloatConv const c = draw_conv(random);
    const ConvGeometry& g = c.geometry;
    int64_t const taps = int64_t{g.filter_h} * g.filter_w;
    int64_t const terms = c.depthwise ? taps : taps * g.input_c / c.groups;
    auto const x = random.values<float>(int64_t{kImages} * g.input_h * g.input_w * g.input_c);
    auto const w = random.values<float>(c.depthwise ? taps * g.output_c : terms * g.output_c);
    auto const bias = random.values<float>(g.output_c);
    const float* const b = random.chance(0.8) ? bias.data() : nullptr;
    auto const library = make_float_conv(c, w.data(), b);
    ASSERT_TRUE(library) << library.error().what;
    int64_t const results = int64_t{g.output_h} * g.output_w * g.output_c;
    auto const got = run(*float_loops::make_conv(c, w.data(), b), x, results, kImages);
    expect_near(run(**library, x, results, kImages), got, terms + 1);
    if (testing::Test::HasFailure()) FAIL() << "layer " << i << (c.depthwise ? ", depthwise" : "");
  }
}

TEST(FloatLoops, DenseLayersAreNearTheLibrarys) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int i = 0; i < 100; ++i) {
    DenseGeometry g;
    g.in = draw(random, 1, 70), g.out = draw(random, 1, 40);
    int64_t const rows = random.between(1, 10);
    Interval const clamp = random.chance(0.3) ? Interval{-1, 1} : Interval{};
    auto const x = random.values<float>(rows * g.in), w = random.values<float>(int64_t{g.in} * g.out);
    auto const bias = random.values<float>(g.out);
    auto const library = make_float_dense(g, clamp, w.data(), bias.data());
    ASSERT_TRUE(library);
    auto const got = run(*float_loops::make_dense(g, clamp, w.data(), bias.data()), x, g.out, rows);
    expect_near(run(**library, x, g.out, rows), got, g.in + 1);
    if (testing::Test::HasFailure()) FAIL() << g.in << " to " << g.out << ", " << rows << " rows";
  }
}

TEST(FloatLoops, TransposedConvolutionsAreNearTheLibrarys) {
  Random random;
  SCOPED_TRACE(random.text());
  int compared = 0;
  for (int i = 0; i < 400; ++i) {
    ConvGeometry g{};
    g.batches = 1;
    g.input_h = draw(random, 1, 7), g.input_w = draw(random, 1, 9);
    g.input_c = draw(random, 1, 12), g.output_c = draw(random, 1, 19);
    g.filter_h = draw(random, 1, 4), g.filter_w = draw(random, 1, 4);
    g.stride_h = draw(random, 1, 3), g.stride_w = draw(random, 1, 3);
    g.dilation_h = g.dilation_w = 1;
    g.pad_top = draw(random, 0, g.filter_h - 1), g.pad_left = draw(random, 0, g.filter_w - 1);
    // Results are cut behind, or there are more than the data reaches.
    g.output_h = (g.input_h - 1) * g.stride_h + g.filter_h - g.pad_top - draw(random, 1 - g.stride_h, g.filter_h - 1);
    g.output_w = (g.input_w - 1) * g.stride_w + g.filter_w - g.pad_left - draw(random, 1 - g.stride_w, g.filter_w - 1);
    if (g.output_h < 1 || g.output_w < 1) continue;
    int64_t const weights = int64_t{g.filter_h} * g.filter_w * g.input_c * g.output_c;
    auto const x = random.values<float>(int64_t{kImages} * g.input_h * g.input_w * g.input_c);
    auto const w = random.values<float>(weights), bias = random.values<float>(g.output_c);
    auto const library = make_float_transpose_conv(g, {}, w.data(), bias.data());
    ASSERT_TRUE(library) << library.error().what;
    if (!*library) continue;
    ++compared;
    int64_t const results = int64_t{g.output_h} * g.output_w * g.output_c;
    auto const got = run(*float_loops::make_transpose_conv(g, {}, w.data(), bias.data()), x, results, kImages);
    expect_near(run(**library, x, results, kImages), got, weights / g.output_c + 1);
    if (testing::Test::HasFailure()) FAIL() << "layer " << i;
  }
  EXPECT_GT(compared, 200);
}

/// A row of data gives the same whether it is computed alone or beside others.
TEST(FloatLoops, RowsDoNotDependOnTheirNeighbours) {
  Random random;
  SCOPED_TRACE(random.text());
  DenseGeometry g;
  g.in = 37, g.out = 21;
  auto const x = random.values<float>(int64_t{7} * g.in), w = random.values<float>(int64_t{g.in} * g.out);
  auto const layer = float_loops::make_dense(g, {}, w.data(), nullptr);
  auto const together = run(*layer, x, g.out, 7);
  for (int row = 0; row < 7; ++row) {
    auto const alone = run(*layer, {x.begin() + row * g.in, x.begin() + (row + 1) * g.in}, g.out, 1);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + row * g.out)) << row;
  }
}

}  // namespace
}  // namespace narrow
