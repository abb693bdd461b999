#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quantize/params.h"
#include "quantize/weights/cholesky.h"
#include "quantize/weights/layer_constants.h"
#include "quantize/weights/weight_objective.h"
#include "random.h"

namespace narrow {
namespace {

Tensor constant(const Shape& shape, const std::vector<float>& values) {
  Tensor t;
  t.dtype = DType::float32;
  t.shape = shape;
  t.constant = true;
  t.data = SharedBytes::copy_of(std::span<const float>(values));
  return t;
}

/// Moments of random rows; columns depend on each other, and some do not vary.
InputMoments random_moments(Random& random, int64_t groups, int64_t columns) {
  InputMoments m;
  m.rows = random.between(1, 3 * columns);
  m.groups = groups;
  m.columns = columns;
  auto const n = static_cast<size_t>(columns);
  m.mean.assign(static_cast<size_t>(groups) * n, 0);
  m.float_mean = m.mean;
  m.second.assign(m.mean.size() * n, 0);
  m.cross = m.second;
  for (int64_t r = 0; r < m.rows; ++r)
    for (size_t g = 0; g < static_cast<size_t>(groups); ++g) {
      std::vector<double> x(n), f(n);
      double const common = random.real(-100, 100);
      for (size_t i = 0; i < n; ++i) {
        x[i] = i % 5 == 4 ? 3 : std::round(common * static_cast<double>(i % 3) + random.real(-20, 20));
        f[i] = x[i] + random.real(-0.5, 0.5);
      }
      for (size_t i = 0; i < n; ++i) {
        m.mean[g * n + i] += x[i];
        m.float_mean[g * n + i] += f[i];
        for (size_t j = 0; j < n; ++j) {
          m.second[(g * n + i) * n + j] += x[i] * x[j];
          m.cross[(g * n + i) * n + j] += x[i] * f[j];
        }
      }
    }
  for (auto* values : {&m.mean, &m.float_mean, &m.second, &m.cross})
    for (double& v : *values) v /= static_cast<double>(m.rows);
  return m;
}

struct RandomLayer {
  Tensor weights;
  int axis;
  InputMoments moments;
};

RandomLayer random_layer(Random& random) {
  bool const depthwise = random.chance(0.3);
  int64_t const columns = random.between(1, 9), channels = random.between(1, 4);
  int64_t const groups = depthwise ? channels : 1;
  std::vector<float> w;
  for (int64_t i = 0; i < columns * channels; ++i) w.push_back(static_cast<float>(random.real(-1, 1)));
  auto const k = static_cast<int32_t>(columns), c = static_cast<int32_t>(channels);
  Shape const shape = depthwise ? Shape::of({1, k, 1, c}) : Shape::of({c, k});
  return {constant(shape, w), depthwise ? 3 : 0, random_moments(random, groups, columns)};
}

// No strategy leaves more error than nearest integers do, and all keep to the range of their width.
TEST(WeightObjective, ChosenIntegersAreNeverWorseThanNearestOnes) {
  Random random;
  SCOPED_TRACE(random.text());
  int better = 0;
  for (int k = 0; k < 10000; ++k) {
    RandomLayer const layer = random_layer(random);
    int const bits = random.chance(0.3) ? 16 : 8;
    WeightObjective const objective(layer.weights, layer.axis, layer.moments,
                                    {.centred = random.chance(0.5), .feedback = random.chance(0.3), .gptq = true});
    WeightChannels const channels =
        weight_channels(layer.weights, layer.axis, random.chance(0.5) ? Granularity::channel : Granularity::tensor);
    std::vector<float> scales(channels.count, bits == 8 && random.chance(0.5) ? 0.1F : 0.01F);
    ScaledWeights const scaled{layer.weights, channels, scales, bits, layer.axis, nullptr, &objective};
    // Nearest to what is wanted, which is not the weights themselves where there is feedback.
    std::vector<int16_t> nearest(static_cast<size_t>(layer.weights.elements()));
    double const limit = symmetric_limit(bits);
    for (size_t c = 0; c < objective.channels(); ++c)
      for (size_t i = 0; i < objective.columns(); ++i)
        nearest[objective.element(c, i)] =
            static_cast<int16_t>(std::clamp(std::round(objective.target(c, 0)[i] / scaled.scale_of(c)), -limit, limit));
    for (const RoundingStrategy& strategy : {kRoundDescent, kRoundGptq}) {
      std::vector<int16_t> const chosen = strategy.round(scaled);
      for (int16_t q : chosen) ASSERT_LE(std::abs(q), limit);
      for (size_t c = 0; c < objective.channels(); ++c) {
        double const before = objective.error(c, scaled.scale_of(c), nearest);
        double const after = objective.error(c, scaled.scale_of(c), chosen);
        ASSERT_LE(after, before * (1 + 1e-9) + 1e-9) << strategy.name;
        better += after < before * 0.99;
      }
    }
  }
  EXPECT_GT(better, 5000);
}

TEST(WeightObjective, CorrectedBiasKeepsTheMeanOfResults) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int k = 0; k < 200; ++k) {
    RandomLayer const layer = random_layer(random);
    WeightChannels const channels = weight_channels(layer.weights, layer.axis, Granularity::channel);
    std::vector<float> const scales(channels.count, 0.05F);
    float const input_scale = 0.25F;
    ScaledWeights const scaled{layer.weights, channels, scales, 8, layer.axis};
    std::vector<int16_t> const q = round_to_nearest(scaled);
    std::vector<double> const bias(channels.count, 1.5);
    auto const corrected = corrected_bias(bias, layer.weights, layer.axis, layer.moments, q, scales, input_scale);
    auto const w = layer.weights.values<float>();
    for (size_t e = 0; e < channels.count; ++e) {
      double wanted = bias[e], made = corrected[e];
      for (size_t i = 0; i < w.size(); ++i) {
        if (channels.of(i) != e) continue;
        size_t const column = layer.axis > 0 ? i / channels.count : i % static_cast<size_t>(layer.moments.columns);
        size_t const at = (layer.axis > 0 ? e : 0) * static_cast<size_t>(layer.moments.columns) + column;
        wanted += 0.25 * layer.moments.float_mean[at] * static_cast<double>(w[i]);
        made += 0.25 * layer.moments.mean[at] * static_cast<double>(scales[e]) * q[i];
      }
      ASSERT_NEAR(made, wanted, 1e-6 * (1 + std::abs(wanted)));
    }
  }
}

// One sample, or inputs that never change: nothing can be known of the weights, which are rounded to nearest.
TEST(WeightObjective, MomentsWithoutVariationLeaveNearestIntegers) {
  Tensor const w = constant(Shape::of({2, 3}), {0.26F, -0.74F, 1, 0.5F, 0.1F, -1});
  InputMoments m{.rows = 1, .columns = 3, .mean = {1, 2, 3}, .float_mean = {1, 2, 3}, .second = {}, .cross = {}};
  for (double a : m.mean)
    for (double b : m.mean) m.second.push_back(a * b);
  LayerSpec spec{.inputs = &m, .choice = {.rounding = &kRoundGptq, .bias_correction = true}};
  Tensor const bias = constant(Shape::of({2}), {0, 0});
  LayerConstants const chosen = quantize_layer(w, &bias, spec);
  LayerConstants const plain = quantize_layer(w, &bias, {});
  auto const a = chosen.weights.values<int8_t>(), b = plain.weights.values<int8_t>();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST(Cholesky, FactorsMultiplyToTheMatrixAndItsInverse) {
  Random random;
  SCOPED_TRACE(random.text());
  for (size_t n : {size_t{1}, size_t{2}, size_t{7}, size_t{40}}) {
    std::vector<double> b(n * n), a(n * n, 0.0);
    for (double& v : b) v = random.real(-1, 1);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) {
        for (size_t k = 0; k < n; ++k) a[i * n + j] += b[i * n + k] * b[j * n + k];
        if (i == j) a[i * n + j] += 0.1;
      }
    auto const lower = cholesky(a, n), upper = factor_of_inverse(a, n);
    ASSERT_EQ(lower.size(), n * n);
    ASSERT_EQ(upper.size(), n * n);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) {
        double product = 0, identity = 0;
        for (size_t k = 0; k < n; ++k) product += lower[i * n + k] * lower[j * n + k];
        for (size_t k = 0; k < n; ++k)
          for (size_t l = 0; l < n; ++l) identity += a[i * n + k] * upper[l * n + k] * upper[l * n + j];
        EXPECT_NEAR(product, a[i * n + j], 1e-9);
        EXPECT_NEAR(identity, i == j ? 1 : 0, 1e-6);
      }
    std::vector<double> x(n, 1.0), right(n, 0.0);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) right[i] += a[i * n + j];
    solve_cholesky(lower, right);
    for (size_t i = 0; i < n; ++i) EXPECT_NEAR(right[i], 1, 1e-6);
  }
  EXPECT_TRUE(cholesky(std::vector<double>{1, 2, 2, 1}, 2).empty());
  EXPECT_TRUE(factor_of_inverse(std::vector<double>{0.0}, 1).empty());
}

}  // namespace
}  // namespace narrow
