#include <bit>
#include <cmath>

#include "base/float16.h"
#include "one_op.h"
#include "ops/conversions/conversions.h"

namespace narrow {
namespace {

const char* const kProfiles[] = {"narrow", "tflm", "litert", "xnnpack"};

template <class T>
Quantization random_quantization(Random& r, double lo, double hi) {
  int64_t const zero = sizeof(T) == 2 ? 0 : r.between(std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  return Quantization::of(r.chance(0.3) ? std::exp2(std::round(r.scale(1, 3)) - 8) : r.scale(lo, hi), zero);
}

template <class T>
T saturated(double v) {
  return static_cast<T>(
      std::min<double>(std::max<double>(v, std::numeric_limits<T>::min()), std::numeric_limits<T>::max()));
}

double to_even(double v) {
  double const down = std::floor(v), rest = v - down;
  if (rest != 0.5) return rest < 0.5 ? down : down + 1;
  return std::fmod(down, 2) == 0 ? down : down + 1;
}

/// What each runtime stores of a float. LiteRT's default interpreter works on blocks.
template <class T>
T expected(const std::string& p, float x, const Quantization& q, size_t i, size_t n) {
  double rounded = std::round(x / q.scale());
  if (p == "xnnpack") {
    bool const rest = sizeof(T) == 2 && i >= n / 8 * 8;
    rounded = rest ? std::round(static_cast<double>(x) / static_cast<double>(q.scale())) : to_even(x * (1 / q.scale()));
  }
  return saturated<T>(rounded + q.zero_point());
}

template <class T>
void floats_become_integers() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    auto const n = static_cast<int32_t>(r.between(0, 70));
    Quantization const q = random_quantization<T>(r, -12, 4);
    std::vector<float> x;
    double const reach = sizeof(T) == 1 ? 300 : 40000;
    for (int k = 0; k < 2 * n; ++k)  // many ties
      x.push_back(static_cast<float>((std::round(r.real(-reach, reach)) + (r.chance(0.7) ? 0.5 : r.real(0, 1)))) *
                  q.scale());
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      OneOp op(kQuantize, {});
      op.input<float>(Shape::of({n})).template result<T>(q);
      std::vector<T> want;
      for (size_t k = 0; k < x.size(); ++k)
        want.push_back(expected<T>(p, x[k], q, k % static_cast<size_t>(n), static_cast<size_t>(n)));
      EXPECT_EQ((op.run<float, T>(p, {x}, 2)), want);
    }
  }
}

TEST(Quantize, FloatsBecomeInt8) {
  floats_become_integers<int8_t>();
}
TEST(Quantize, FloatsBecomeUint8) {
  floats_become_integers<uint8_t>();
}
TEST(Quantize, FloatsBecomeInt16) {
  floats_become_integers<int16_t>();
}

TEST(Quantize, TakesAScaleForEachIndexOfAnAxis) {
  OneOp op(kQuantize, {});
  op.input<float>(Shape::of({2, 2, 2})).result<int8_t>({{0.5f, 2.0f}, {0, 3}, 1});
  for (const char* p : kProfiles)
    EXPECT_EQ((op.run<float, int8_t>(p, {{1, 0.75f, 1, -3, 100, -100, 400, -400}})),
              (std::vector<int8_t>{2, 2, 4, 1, 127, -128, 127, -128}));
}

TEST(Quantize, WhatIsNoNumberSaturates) {
  OneOp op(kQuantize, {});
  op.input<float>(Shape::of({4})).result<int8_t>(Quantization::of(1e-30f, 5));
  float const inf = std::numeric_limits<float>::infinity();
  for (const char* p : kProfiles)
    EXPECT_EQ((op.run<float, int8_t>(p, {{inf, -inf, std::nanf(""), 1.0f}})),
              (std::vector<int8_t>{127, -128, -128, 127}));
}

/// The product with a factor under two roundings, the second with ties up.
int64_t times_up(const FixedFactor& f, int64_t v) {
  if (f.exponent > 0) v <<= f.exponent;
  return nearest_ties_up(nearest_ties_up(v * f.value, 31), std::max(-f.exponent, 0));
}

template <class In, class Out>
Out requantized(const std::string& p, int64_t v, const Quantization& from, const Quantization& to, bool in_block) {
  bool const bytes = sizeof(In) == 1 && sizeof(Out) == 1;
  float const ratio = from.scale() / to.scale();
  FixedFactor const f(static_cast<double>(from.scale()) / static_cast<double>(to.scale()));
  int64_t out = f.times(v);
  if (p == "xnnpack" && bytes) {
    if (std::is_same_v<In, Out> && ratio >= 1.0f / 256 && ratio <= 128)
      out = nearest_ties_up(v * static_cast<int64_t>(to_even(static_cast<double>(ratio * 256))), 8);
    else if (in_block)
      out = times_up(f, v);
  }
  return saturated<Out>(static_cast<double>(out + to.zero_point()));
}

template <class In, class Out>
void integers_become_integers() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    Quantization const from = random_quantization<In>(r, -8, 0);
    Quantization to = random_quantization<Out>(r, -8, 0);
    to.scales[0] = r.chance(0.3) ? from.scale() : from.scale() * r.scale(-7, 9);
    auto const n = static_cast<int32_t>(r.between(0, 70));
    auto const x = r.values<In>(2 * n);
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      OneOp op(kQuantize, {});
      op.input<In>(Shape::of({n}), from).template result<Out>(to);
      std::vector<Out> want;
      for (size_t k = 0; k < x.size(); ++k) {
        bool const in_block = static_cast<int32_t>(k) % n < n / 16 * 16;
        want.push_back(requantized<In, Out>(p, x[k] - from.zero_point(), from, to, in_block));
      }
      EXPECT_EQ((op.run<In, Out>(p, {x}, 2)), want);
      EXPECT_EQ((op.run<In, Out>(p, {x}, 2, true)), want);
    }
  }
}

TEST(Quantize, IntegersBecomeIntegers) {
  integers_become_integers<int8_t, int8_t>();
  integers_become_integers<int8_t, uint8_t>();
  integers_become_integers<int8_t, int16_t>();
  integers_become_integers<uint8_t, int8_t>();
  integers_become_integers<uint8_t, uint8_t>();
  integers_become_integers<uint8_t, int16_t>();
  integers_become_integers<int16_t, int8_t>();
  integers_become_integers<int16_t, int16_t>();
}

TEST(Quantize, RefusesWhatNoRuntimeComputes) {
  Quantization const q = Quantization::of(0.5f, 0);
  auto word = OneOp(kQuantize, {}).input<int16_t>(Shape::of({4}), q);
  EXPECT_NE(word.result<uint8_t>(q).refusal("narrow").find("int16 to uint8"), std::string::npos);
  auto no_scale = OneOp(kQuantize, {}).input<float>(Shape::of({4}));
  EXPECT_NE(no_scale.result<int8_t>().refusal("narrow").find("without a scale"), std::string::npos);
  auto wide = OneOp(kQuantize, {}).input<float>(Shape::of({4}));
  EXPECT_NE(wide.result<int32_t>(q).refusal("narrow").find("int32"), std::string::npos);
  auto far = OneOp(kQuantize, {}).input<int8_t>(Shape::of({4}), q);
  EXPECT_NE(far.result<int8_t>(Quantization::of(1e-9f, 0)).refusal("narrow").find("too small"), std::string::npos);
}

template <class T>
void integers_become_floats() {
  Random r;
  SCOPED_TRACE(r.text());
  Quantization const q = random_quantization<T>(r, -10, 3);
  OneOp op(kDequantize, {});
  op.input<T>(Shape::of({3, 7}), q).template result<float>();
  auto const x = r.values<T>(42);
  std::vector<float> want;
  for (T v : x) want.push_back(static_cast<float>(static_cast<double>(q.scale()) * (v - q.zero_point())));
  EXPECT_EQ((op.run<T, float>("narrow", {x}, 2)), want);
}

TEST(Dequantize, IntegersBecomeFloats) {
  integers_become_floats<int8_t>();
  integers_become_floats<uint8_t>();
  integers_become_floats<int16_t>();
}

TEST(Dequantize, TakesAScaleForEachIndexOfAnAxis) {
  OneOp op(kDequantize, {});
  op.constant<int8_t>(Shape::of({2, 2, 2}), {1, 2, 3, 4, 5, 6, 7, 8}, {{0.5f, 2.0f}, {0, 1}, 1}).result<float>();
  EXPECT_EQ((op.run<int8_t, float>("narrow", {}, 1)), (std::vector<float>{0.5f, 1, 4, 6, 2.5f, 3, 12, 14}));
}

TEST(Dequantize, ReadsEveryFloat16) {
  std::vector<uint16_t> bits(65536);
  for (size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<uint16_t>(i);
  OneOp op(kDequantize, {});
  op.float16_constant(Shape::of({65536}), bits).result<float>();
  auto const out = op.run<float>("narrow", {}, 1);
  for (size_t i = 0; i < bits.size(); ++i) {
    float const want = from_float16(bits[i]);
    if (std::isnan(want))
      EXPECT_TRUE(std::isnan(out[i])) << i;
    else
      EXPECT_EQ(std::bit_cast<uint32_t>(out[i]), std::bit_cast<uint32_t>(want)) << i;
  }
}

TEST(Dequantize, RefusesOtherTypes) {
  auto op = OneOp(kDequantize, {}).input<int32_t>(Shape::of({4}), Quantization::of(1.0f, 0));
  EXPECT_NE(op.result<float>().refusal("narrow").find("int32"), std::string::npos);
  auto bare = OneOp(kDequantize, {}).input<int8_t>(Shape::of({4}));
  EXPECT_NE(bare.result<float>().refusal("narrow").find("without a scale"), std::string::npos);
}

}  // namespace
}  // namespace narrow
