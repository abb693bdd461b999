// 8-bit ops that say how they round: the exact result, rounded once, at any scales.
#include <gtest/gtest.h>

#include <cmath>

#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/reductions/reductions.h"

namespace narrow {
namespace {

constexpr Arithmetic kOnce{RoundingRule::half_even, 32};

Quantization random_grid(Random& r) {
  return Quantization::of(r.scale(-6, -2), r.between(-128, 127));
}

double real(int8_t q, const Quantization& grid) {
  return static_cast<double>(grid.scale()) * (q - grid.zero_point());
}

/// What a real number becomes; values within 1e-6 of a tie may go either way, as factors have 31 bits.
void expect_nearest(int8_t got, double value, const Quantization& grid) {
  double const exact = value / static_cast<double>(grid.scale()) + static_cast<double>(grid.zero_point());
  double const lower = std::nearbyint(exact - 1e-6), upper = std::nearbyint(exact + 1e-6);
  EXPECT_GE(got, std::clamp(lower, -128.0, 127.0));
  EXPECT_LE(got, std::clamp(upper, -128.0, 127.0));
}

TEST(Once, FunctionsOfOneElement) {
  struct Function {
    const OpDef& def;
    Attributes attributes;
    double (*f)(double);
  };
  Function const functions[] = {
      {kLogistic, {}, [](double x) { return 1 / (1 + std::exp(-x)); }},
      {kTanh, {}, [](double x) { return std::tanh(x); }},
      {kLeakyRelu, LeakyReluAttributes{0.25F}, [](double x) { return x < 0 ? 0.25 * x : x; }},
      {kHardSwish, {}, [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }},
      {kElu,
       {},
       [](double x) { return static_cast<double>(x < 0 ? std::expm1(static_cast<float>(x)) : static_cast<float>(x)); }},
      {kQuantize, {}, [](double x) { return x; }}};
  Random r;
  SCOPED_TRACE(r.text());
  for (const Function& function : functions)
    for (int i = 0; i < 20; ++i) {
      SCOPED_TRACE(function.def.name);
      Quantization const in = random_grid(r), out = random_grid(r);
      OneOp op(function.def, function.attributes);
      op.input<int8_t>(Shape::of({256}), in).result<int8_t>(out).says(kOnce);
      auto const x = every<int8_t>(), y = op.run<int8_t>("narrow", {x});
      ASSERT_EQ(y.size(), x.size());
      // ELU is computed in float32 first.
      for (size_t q = 0; q < x.size(); ++q)
        if (&function.def != &kElu || std::abs(real(x[q], in)) < 4)
          expect_nearest(y[q], function.f(real(x[q], in)), out);
    }
}

TEST(Once, Products) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    Quantization const a = random_grid(r), b = random_grid(r), out = random_grid(r);
    OneOp op(kMul, MulAttributes{});
    op.input<int8_t>(Shape::of({256}), a).input<int8_t>(Shape::of({256}), b).result<int8_t>(out).says(kOnce);
    std::vector<int8_t> const x = every<int8_t>();
    std::vector<int8_t> y(256);
    for (int8_t& v : y) v = static_cast<int8_t>(r.between(-128, 127));
    auto const z = op.run<int8_t>("narrow", {x, y});
    ASSERT_EQ(z.size(), x.size());
    for (size_t q = 0; q < x.size(); ++q) expect_nearest(z[q], real(x[q], a) * real(y[q], b), out);
  }
}

TEST(Once, Means) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    Quantization const in = random_grid(r), out = random_grid(r);
    auto const count = static_cast<int32_t>(r.between(1, 60));
    OneOp op(kMean, ReduceAttributes{});
    op.input<int8_t>(Shape::of({4, count}), in).constant<int32_t>(Shape::of({1}), {1}).result<int8_t>(out).says(kOnce);
    std::vector<int8_t> x(static_cast<size_t>(4 * count));
    for (int8_t& v : x) v = static_cast<int8_t>(r.between(-128, 127));
    auto const y = op.run<int8_t>("narrow", {x});
    ASSERT_EQ(y.size(), 4U);
    for (size_t row = 0; row < 4; ++row) {
      double sum = 0;
      for (int32_t k = 0; k < count; ++k) sum += real(x[row * static_cast<size_t>(count) + static_cast<size_t>(k)], in);
      expect_nearest(y[row], sum / count, out);
    }
  }
}

}  // namespace
}  // namespace narrow
