#include <gmock/gmock.h>

#include <cmath>

#include "one_op.h"
#include "ops/activations/activations.h"

namespace narrow {
namespace {

using testing::HasSubstr;

const char* const kProfiles[] = {"narrow", "tflm", "litert", "xnnpack"};

template <class T>
Quantization random_quantization(Random& r, float scale) {
  return Quantization::of(scale, sizeof(T) == 1 ? r.between(-128, 127) : 0);
}

template <class T>
T saturated(int64_t v) {
  return static_cast<T>(std::clamp<int64_t>(v, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

/// v times a factor, ties up, the factor being a whole number of 1/256.
int64_t in_256ths(int64_t v, float factor) {
  return nearest_ties_up(v * static_cast<int64_t>(std::nearbyint(256.0 * static_cast<double>(factor))), 8);
}

struct Slopes {
  double above, below;
};

/// in / out and in * alpha / out: LiteRT computes them in float32, TFLM in double.
Slopes slopes(const std::string& profile, float in, float alpha, float out) {
  if (profile == "litert" || profile == "xnnpack") return {in / out, in * alpha / out};
  double const wide = in;
  return {wide / out, wide * alpha / out};
}

template <class T>
std::vector<T> leaky(const std::string& p, float alpha, const Quantization& in, const Quantization& out) {
  float const ratio = in.scale() / out.scale(), slope = ratio * alpha;
  Slopes const f = slopes(p, in.scale(), alpha, out.scale());
  FixedFactor const up(f.above), down(std::abs(f.below));
  bool const bytes = p == "xnnpack" && sizeof(T) == 1 && ratio >= 1.0f / 256 && ratio <= 128 &&
                     slope >= -127.99609375f && slope <= 128 && std::abs(slope) >= 1.0f / 256;
  std::vector<T> y;
  for (T v : every<T>()) {
    int64_t const x = v - in.zero_point();
    int64_t q = x >= 0 ? up.times(x) : (alpha < 0 ? -down.times(x) : down.times(x));
    if (bytes) q = in_256ths(x, x >= 0 ? ratio : slope);
    y.push_back(saturated<T>(q + out.zero_point()));
  }
  return y;
}

template <class T>
void leaky_equals_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 40; ++i) {
    Quantization const in = random_quantization<T>(r, r.scale(-12, 1));
    Quantization const out = random_quantization<T>(r, i % 3 == 0 ? in.scale() : in.scale() * r.scale(-7, 9));
    float const alpha = i % 10 == 0 ? 0.0f : r.scale(-9, 1) * (r.chance(0.3) ? -1.0f : 1.0f);
    OneOp op(kLeakyRelu, LeakyReluAttributes{alpha});
    op.input<T>(Shape::of({static_cast<int32_t>(every<T>().size())}), in).template result<T>(out);
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      auto const want = leaky<T>(p, alpha, in, out);
      ASSERT_EQ(op.run<T>(p, {every<T>()}), want);
      ASSERT_EQ(op.run<T>(p, {every<T>()}, 1, true), want);
    }
  }
}

TEST(LeakyRelu, IntegersEqualTheDefinition) {
  leaky_equals_the_definition<int8_t>();
  leaky_equals_the_definition<int16_t>();
}

TEST(LeakyRelu, FloatsEqualTheDefinition) {
  OneOp op(kLeakyRelu, LeakyReluAttributes{0.5f});
  op.input<float>(Shape::of({2})).result<float>();
  EXPECT_EQ(op.run<float>("narrow", {{-4, 3, 0, -1}}, 2), (std::vector<float>{-2, 3, 0, -0.5f}));
}

/// Data of 2 x 3 elements with alpha for each column.
template <class T>
void prelu_equals_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    Quantization const in = random_quantization<T>(r, r.scale(-10, 0));
    Quantization const out = random_quantization<T>(r, in.scale() * r.scale(-6, 6));
    Quantization const slope = random_quantization<int8_t>(r, r.scale(-12, -4));
    auto const alpha = r.values<int8_t>(3);
    auto const x = r.values<T>(12);
    OneOp op(kPrelu, {});
    op.input<T>(Shape::of({1, 2, 3}), in).template constant<int8_t>(Shape::of({3}), alpha, slope);
    op.template result<T>(out);
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      Slopes const f = slopes(p, in.scale(), slope.scale(), out.scale());
      FixedFactor const up(f.above), down(f.below);
      std::vector<T> want;
      for (size_t k = 0; k < x.size(); ++k) {
        int64_t const v = x[k] - in.zero_point(), s = alpha[k % 3] - slope.zero_point();
        want.push_back(saturated<T>((v >= 0 ? up.times(v) : down.times(v * s)) + out.zero_point()));
      }
      ASSERT_EQ(op.run<T>(p, {x}, 2), want);
    }
  }
}

TEST(Prelu, IntegersEqualTheDefinition) {
  prelu_equals_the_definition<int8_t>();
  prelu_equals_the_definition<int16_t>();
}

TEST(Prelu, FloatsEqualTheDefinition) {
  OneOp op(kPrelu, {});
  op.input<float>(Shape::of({2, 2})).constant<float>(Shape::of({2}), {0.5f, -2}).result<float>();
  EXPECT_EQ(op.run<float>("narrow", {{-4, -4, 3, 3, -1, 2, -0.5f, -1}}, 2),
            (std::vector<float>{-2, 8, 3, 3, -0.5f, 2, -0.25f, 2}));
}

double hard_swish(double x) {
  return x * std::min(std::max(x + 3, 0.0), 6.0) / 6;
}

TEST(HardSwish, IntegersAreNearTheTruth) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 50; ++i) {
    Quantization const in = random_quantization<int8_t>(r, r.scale(-8, -2));
    Quantization const out = random_quantization<int8_t>(r, in.scale() * r.scale(-1, 1));
    OneOp op(kHardSwish, {});
    op.input<int8_t>(Shape::of({256}), in).result<int8_t>(out);
    auto const x = every<int8_t>();
    for (const char* p : kProfiles) {
      auto const y = op.run<int8_t>(p, {x});
      EXPECT_EQ(op.run<int8_t>(p, {x}, 1, true), y);
      for (size_t k = 0; k < x.size(); ++k) {
        double const real = static_cast<double>(in.scale()) * (x[k] - in.zero_point());
        double const want = hard_swish(real) / static_cast<double>(out.scale()) + out.zero_point();
        ASSERT_NEAR(y[k], std::clamp(want, -128.0, 127.0), 2) << real;
      }
    }
  }
}

TEST(HardSwish, FloatsEqualTheDefinition) {
  OneOp op(kHardSwish, {});
  op.input<float>(Shape::of({4})).result<float>();
  auto const y = op.run<float>("narrow", {{-4, -1, 2, 5}});
  EXPECT_FLOAT_EQ(y[0], 0);
  EXPECT_FLOAT_EQ(y[1], -1.0f / 3);
  EXPECT_FLOAT_EQ(y[2], 5.0f / 3);
  EXPECT_FLOAT_EQ(y[3], 5);
}

TEST(Slopes, RefuseWhatTheRuntimesCannotCompute) {
  Quantization const one = Quantization::of(1.0f, 0), tiny = Quantization::of(1e-9f, 0);
  Quantization const fine = Quantization::of(1.0f / 128, 0);
  Shape const shape = Shape::of({2, 2});
  auto leaky = [&](float alpha) { return OneOp(kLeakyRelu, LeakyReluAttributes{alpha}).input<int8_t>(shape, one); };
  EXPECT_THAT(leaky(std::nanf("")).result<int8_t>(one).refusal("narrow"), HasSubstr("finite"));
  EXPECT_THAT(leaky(1e30f).result<int8_t>(one).refusal("narrow"), HasSubstr("no factor"));
  EXPECT_THAT(leaky(1.0f).result<int8_t>(tiny).refusal("narrow"), HasSubstr("too small"));
  auto swish = [&] { return OneOp(kHardSwish, {}).input<int8_t>(shape, one); };
  EXPECT_THAT(swish().result<int8_t>(fine).refusal("narrow"), HasSubstr("128 times"));
  auto wide = OneOp(kHardSwish, {}).input<int16_t>(shape, one);
  EXPECT_THAT(wide.result<int16_t>(one).refusal("narrow"), HasSubstr("int16"));
  auto prelu = [&] { return OneOp(kPrelu, {}).input<int16_t>(shape, one); };
  auto alpha16 = prelu().constant<int16_t>(Shape::of({2}), {1, 2}, one);
  EXPECT_THAT(alpha16.result<int16_t>(one).refusal("narrow"), HasSubstr("alpha of int8"));
  auto far = prelu().constant<int8_t>(Shape::of({2}), {1, 2}, Quantization::of(1e6f, 0));
  EXPECT_THAT(far.result<int16_t>(one).refusal("narrow"), HasSubstr("too small"));
  auto larger = prelu().constant<int8_t>(Shape::of({3, 2, 2}), std::vector<int8_t>(12), one);
  EXPECT_EQ(larger.infer().error().kind, ErrorKind::bad_file);
}

}  // namespace
}  // namespace narrow
