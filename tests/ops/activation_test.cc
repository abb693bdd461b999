#include <gmock/gmock.h>

#include <bit>
#include <cmath>

#include "one_op.h"
#include "ops/activations/activations.h"

namespace narrow {
namespace {

const char* const kProfiles[] = {"narrow", "tflm", "litert", "xnnpack"};

/// Units in the last place between two floats of one sign.
int64_t ulps(float a, float b) {
  return std::abs(int64_t{std::bit_cast<int32_t>(a)} - int64_t{std::bit_cast<int32_t>(b)});
}

template <class F>
void expect_float_function(const OpDef& def, F f) {
  Random r;
  SCOPED_TRACE(r.text());
  std::vector<float> x{0.0f, -0.0f, 0.3f, -0.3f, 1e-20f, -1e-20f, 200.0f, -200.0f, 1e30f, -1e30f};
  while (x.size() < 20002) x.push_back(static_cast<float>(r.real(-20, 20)));
  OneOp op(def, {});
  op.input<float>(Shape::of({static_cast<int32_t>(x.size() / 2)})).result<float>();
  auto const y = op.run<float>("narrow", {x}, 2);
  for (size_t i = 0; i < x.size(); ++i) {
    auto const want = static_cast<float>(f(static_cast<double>(x[i])));
    ASSERT_LE(ulps(y[i], want), 4) << x[i];
  }
}

TEST(Logistic, FloatsEqualTheDefinition) {
  expect_float_function(kLogistic, [](double x) { return x < -86 ? 0.0 : 1 / (1 + std::exp(-x)); });
}
TEST(Tanh, FloatsEqualTheDefinition) {
  expect_float_function(kTanh, [](double x) { return std::tanh(x); });
}

TEST(Softmax, FloatsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    auto const rows = static_cast<int32_t>(r.between(1, 5)), depth = static_cast<int32_t>(r.between(1, 70));
    float const beta = r.chance(0.5) ? 1.0f : r.scale(-3, 3);
    OneOp op(kSoftmax, SoftmaxAttributes{beta});
    op.input<float>(Shape::of({rows, depth})).result<float>();
    auto const x = r.values<float>(2 * rows * depth);
    auto const y = op.run<float>("narrow", {x}, 2);
    for (size_t at = 0; at < x.size(); at += static_cast<size_t>(depth)) {
      std::vector<double> e;
      double sum = 0;
      for (size_t c = 0; c < static_cast<size_t>(depth); ++c) {
        e.push_back(std::exp(static_cast<double>(beta) * static_cast<double>(x[at + c])));
        sum += e.back();
      }
      for (size_t c = 0; c < e.size(); ++c) ASSERT_NEAR(y[at + c], e[c] / sum, 1e-5 * e[c] / sum + 1e-37);
    }
  }
}

TEST(Softmax, LargeFloatsDoNotOverflow) {
  OneOp op(kSoftmax, SoftmaxAttributes{});
  op.input<float>(Shape::of({3})).result<float>();
  EXPECT_EQ(op.run<float>("narrow", {{3e38f, 3e38f, -3e38f}}), (std::vector<float>{0.5f, 0.5f, 0.0f}));
}

/// Probabilities of rows of integers; `unit` steps are 1.
template <class In>
std::vector<double> probabilities(const std::vector<In>& x, size_t depth, double factor, double unit) {
  std::vector<double> out;
  for (size_t at = 0; at < x.size(); at += depth) {
    double sum = 0;
    int const top = *std::max_element(x.begin() + static_cast<long>(at), x.begin() + static_cast<long>(at + depth));
    for (size_t c = 0; c < depth; ++c) sum += std::exp((x[at + c] - top) * factor);
    for (size_t c = 0; c < depth; ++c) out.push_back(std::exp((x[at + c] - top) * factor) / sum * unit);
  }
  return out;
}

template <class In, class Out>
void softmax_is_near_the_truth(const Quantization& out, double unit, double off) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    auto const rows = static_cast<int32_t>(r.between(1, 5)), depth = static_cast<int32_t>(r.between(1, 70));
    float const beta = r.chance(0.5) ? 1.0f : r.scale(-2, 2);
    float const scale = sizeof(In) == 1 ? r.scale(-9, -1) : r.scale(-16, -10);
    Quantization const in = Quantization::of(scale, sizeof(In) == 1 ? r.between(-128, 127) : 0);
    auto const x = r.values<In>(2 * rows * depth);
    auto const want = probabilities(x, static_cast<size_t>(depth), static_cast<double>(scale * beta), unit);
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      OneOp op(kSoftmax, SoftmaxAttributes{beta});
      op.input<In>(Shape::of({rows, depth}), in).template result<Out>(out);
      auto const y = op.run<In, Out>(p, {x}, 2);
      for (size_t k = 0; k < y.size(); ++k) {
        double const cut = std::min(want[k] + out.zero_point(), double{std::numeric_limits<Out>::max()});
        ASSERT_NEAR(y[k], cut, off);
      }
      ASSERT_EQ((op.run<In, Out>(p, {x}, 2, true)), y);
    }
  }
}

TEST(Softmax, IntegersAreNearTheTruth) {
  softmax_is_near_the_truth<int8_t, int8_t>(Quantization::of(1.0f / 256, -128), 256, 0.6);
  softmax_is_near_the_truth<int8_t, int16_t>(Quantization::of(1.0f / 65536, -32768), 65536, 2);
  // The table ends at e^-10, which it may have as 2 / 32768; up to 70 elements lie below.
  softmax_is_near_the_truth<int16_t, int16_t>(Quantization::of(1.0f / 32768, 0), 32768, 16 + 2 * 70);
}

template <class T>
std::vector<T> squashed(const OpDef& def, const char* profile_name, const Quantization& in, bool reference) {
  auto const x = every<T>();
  OneOp op(def, {});
  op.input<T>(Shape::of({static_cast<int32_t>(x.size())}), in);
  op.result<T>(Quantization::of(def.quant.fixed(8 * sizeof(T)).scale, def.quant.fixed(8 * sizeof(T)).zero_point));
  return op.run<T>(profile_name, {x}, 1, reference);
}

template <class T>
void squash_is_near_the_truth(const OpDef& def, double (*f)(double), double off) {
  Random r;
  SCOPED_TRACE(r.text());
  FixedScale const out = def.quant.fixed(8 * sizeof(T));
  auto const x = every<T>();
  for (int i = 0; i < 20; ++i) {
    float const scale = sizeof(T) == 1 ? r.scale(-12, 1)
                        : i % 4 == 0   ? std::exp2(static_cast<float>(-8 - i))
                                       : r.scale(-15, -1);
    Quantization const in = Quantization::of(scale, sizeof(T) == 1 ? r.between(-128, 127) : 0);
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      auto const y = squashed<T>(def, p, in, false);
      for (size_t k = 0; k < x.size(); ++k) {
        double const v = f(static_cast<double>(scale) * (x[k] - in.zero_point())) / static_cast<double>(out.scale);
        ASSERT_NEAR(y[k], std::min(v + out.zero_point, double{std::numeric_limits<T>::max()}), off) << x[k];
      }
      ASSERT_EQ(squashed<T>(def, p, in, true), y);
    }
  }
}

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}
double hyperbolic_tangent(double x) {
  return std::tanh(x);
}

TEST(Logistic, IntegersAreNearTheTruth) {
  squash_is_near_the_truth<int8_t>(kLogistic, logistic, 1.01);
  squash_is_near_the_truth<int16_t>(kLogistic, logistic, 16);
}
TEST(Tanh, IntegersAreNearTheTruth) {
  squash_is_near_the_truth<int8_t>(kTanh, hyperbolic_tangent, 1.01);
  squash_is_near_the_truth<int16_t>(kTanh, hyperbolic_tangent, 32);
}

/// Rescaled with the factor s_in / s_out, float32 or double, then clamped to the activation's interval.
template <class T>
std::vector<T> clamped(const std::vector<T>& x, const Quantization& in, const Quantization& out, float hi, bool wide) {
  double const a = in.scale(), b = out.scale();
  FixedFactor const f(wide ? a / b : static_cast<double>(in.scale() / out.scale()));
  double const top = std::min<double>(std::numeric_limits<T>::max(),
                                      std::round(static_cast<double>(hi / out.scale())) + out.zero_point());
  std::vector<T> y;
  for (T v : x) {
    auto const moved = static_cast<double>(f.times(v - in.zero_point()) + out.zero_point());
    y.push_back(static_cast<T>(std::min(std::max<double>(moved, out.zero_point()), top)));
  }
  return y;
}

template <class T>
void clamps_equal_the_definition(const OpDef& def, float hi) {
  Random r;
  SCOPED_TRACE(r.text());
  auto const x = every<T>();
  auto zero = [&] { return sizeof(T) == 1 ? r.between(-128, 127) : 0; };
  for (int i = 0; i < 30; ++i) {
    Quantization const in = Quantization::of(r.scale(-12, 1), zero());
    Quantization const out = Quantization::of(i % 3 == 0 ? in.scale() : in.scale() * r.scale(-7, 7), zero());
    for (const char* p : kProfiles) {
      SCOPED_TRACE(p);
      bool const tflm = p == std::string("narrow") || p == std::string("tflm");
      OneOp op(def, {});
      op.input<T>(Shape::of({static_cast<int32_t>(x.size())}), in).template result<T>(out);
      auto const want = clamped(x, in, tflm && &def == &kRelu6 ? in : out, hi, tflm);
      ASSERT_EQ(op.run<T>(p, {x}), want);
      ASSERT_EQ(op.run<T>(p, {x}, 1, true), want);
    }
  }
}

TEST(Relu, IntegersEqualTheDefinition) {
  clamps_equal_the_definition<int8_t>(kRelu, std::numeric_limits<float>::infinity());
  clamps_equal_the_definition<int16_t>(kRelu, std::numeric_limits<float>::infinity());
}
TEST(Relu6, IntegersEqualTheDefinition) {
  clamps_equal_the_definition<int8_t>(kRelu6, 6);
  clamps_equal_the_definition<int16_t>(kRelu6, 6);
}

TEST(Relu, FloatsEqualTheDefinition) {
  std::vector<float> const x{-1, -0.0f, 2, 5.5f, 7, -8};
  OneOp relu(kRelu, {}), relu6(kRelu6, {});
  relu.input<float>(Shape::of({3})).result<float>();
  relu6.input<float>(Shape::of({3})).result<float>();
  EXPECT_EQ(relu.run<float>("narrow", {x}, 2), (std::vector<float>{0, 0, 2, 5.5f, 7, 0}));
  EXPECT_EQ(relu6.run<float>("narrow", {x}, 2), (std::vector<float>{0, 0, 2, 5.5f, 6, 0}));
}

/// The message of lowering an op of one operand.
template <class T>
std::string refusal(const OpDef& def, Attributes attributes, const Shape& shape, const Quantization& in,
                    const Quantization& out) {
  OneOp op(def, std::move(attributes));
  op.input<T>(shape, in).template result<T>(out);
  return op.refusal("narrow");
}

TEST(Activations, RefuseWhatTheRuntimesCannotCompute) {
  using testing::HasSubstr;
  Quantization const half = Quantization::of(0.5f, 0), softmax8 = Quantization::of(1.0f / 256, -128);
  Quantization const unit16 = Quantization::of(1.0f / 32768, 0);
  SoftmaxAttributes const beta{};
  EXPECT_THAT(refusal<int8_t>(kSoftmax, beta, Shape::of({4}), half, half), HasSubstr("scale 1/256"));
  EXPECT_THAT(refusal<int8_t>(kLogistic, {}, Shape::of({4}), half, half), HasSubstr("scale 1/256"));
  EXPECT_THAT(refusal<int8_t>(kTanh, {}, Shape::of({4}), half, half), HasSubstr("scale 1/128"));
  EXPECT_THAT(refusal<int16_t>(kTanh, {}, Shape::of({4}), half, half), HasSubstr("scale 1/32768"));
  EXPECT_THAT(refusal<int8_t>(kSoftmax, beta, Shape::of({4096}), half, softmax8), HasSubstr("4096 elements"));
  EXPECT_THAT(refusal<int16_t>(kSoftmax, beta, Shape::of({65536}), half, unit16), HasSubstr("65536 elements"));
  EXPECT_THAT(refusal<int16_t>(kSoftmax, beta, Shape::of({4}), Quantization::of(8.0f, 0), unit16),
              HasSubstr("leave 32 bits"));
  EXPECT_THAT(refusal<int8_t>(kSoftmax, SoftmaxAttributes{0}, Shape::of({4}), half, softmax8), HasSubstr("beta"));
  EXPECT_THAT(refusal<int16_t>(kSoftmax, SoftmaxAttributes{-1}, Shape::of({4}), half, unit16), HasSubstr("beta"));
  EXPECT_THAT(refusal<float>(kSoftmax, SoftmaxAttributes{-1}, Shape::of({4}), {}, {}), HasSubstr("beta"));
  EXPECT_THAT(refusal<int8_t>(kLogistic, {}, Shape::of({4}), Quantization::of(16.0f, 0), softmax8), HasSubstr("16 or"));
  EXPECT_THAT(refusal<int16_t>(kLogistic, {}, Shape::of({4}), Quantization::of(3.0f, 0), unit16),
              HasSubstr("too large"));
  EXPECT_THAT(refusal<int8_t>(kRelu, {}, Shape::of({4}), half, Quantization::of(1e-9f, 0)), HasSubstr("too small"));
  auto scalar = OneOp(kSoftmax, beta).input<float>(Shape());
  EXPECT_EQ(scalar.infer().error().kind, ErrorKind::bad_file);
}

}  // namespace
}  // namespace narrow
