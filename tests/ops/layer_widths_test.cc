// Layers of any widths and roundings: the fast kernels against the portable ones, bit for bit.
#include <gmock/gmock.h>

#include "instruction_sets.h"
#include "one_op.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

enum class Kind { conv, depthwise, dense, transpose };

struct Form {
  Kind kind;
  Shape data, weights;
  int channels, axis;
};

Form draw(Kind kind, Random& random) {
  auto n = [&](int most) { return static_cast<int32_t>(random.between(1, most)); };
  int32_t const h = n(9) + 3, w = n(9) + 3, c = n(20), out = n(40), kh = n(3), kw = n(3);
  switch (kind) {
    case Kind::conv:
      return {kind, Shape::of({1, h, w, c}), Shape::of({out, kh, kw, c}), out, 0};
    case Kind::depthwise: {
      int32_t const all = c * n(3);
      return {kind, Shape::of({1, h, w, c}), Shape::of({1, kh, kw, all}), all, 3};
    }
    case Kind::dense:
      return {kind, Shape::of({1, c * 20}), Shape::of({out, c * 20}), out, 0};
    default:
      return {kind, Shape::of({1, h, w, c}), Shape::of({out, kh, kw, c}), out, 0};
  }
}

OneOp start(const Form& f, Random& random) {
  int const stride = static_cast<int>(random.between(1, 2));
  Padding const padding = random.chance(0.5) ? Padding::same : Padding::valid;
  switch (f.kind) {
    case Kind::conv:
      return {kConv2d, Conv2dAttributes{.padding = padding, .stride_h = stride, .stride_w = stride}};
    case Kind::depthwise:
      return {kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = padding, .stride_h = stride, .stride_w = stride}};
    case Kind::dense:
      return {kFullyConnected, FullyConnectedAttributes{}};
    default:
      return {kTransposeConv,
              TransposeConvAttributes{.padding = Padding::valid, .stride_h = stride, .stride_w = stride}};
  }
}

template <class W>
void add_weights(OneOp& op, const Form& f, Random& random, const Quantization& q) {
  auto w = random.values<W>(f.weights.elements());
  for (W& v : w) v = static_cast<W>(std::max<int>(v, -std::numeric_limits<W>::max()));
  op.constant(f.weights, w, q);
}

template <class B>
void add_bias(OneOp& op, const Form& f, Random& random, float in, const Quantization& weights) {
  auto values = random.values<B>(f.channels);
  Quantization q;
  for (int c = 0; c < f.channels; ++c) {
    if constexpr (sizeof(B) > 2) values[static_cast<size_t>(c)] /= B{1} << (sizeof(B) == 8 ? 24 : 4);
    float const step = in * weights.scales[weights.per_axis() ? static_cast<size_t>(c) : 0];
    q.scales.push_back(std::ldexp(step, sizeof(B) > 2 ? 0 : static_cast<int>(random.between(0, 9))));
    q.zero_points.push_back(0);
  }
  op.constant(Shape::of({f.channels}), values, q);
}

/// Compares one random layer on every instruction set that this machine has; `X` and `W` are the types of data and
/// weights. False where lowering refuses the layer, whose sums could leave 32 bits.
template <class X, class W>
bool compare(Kind kind, Random& random) {
  Form const f = draw(kind, random);
  bool const wide = sizeof(X) == 2 && random.chance(0.6);
  auto const rule = static_cast<RoundingRule>(random.between(wide ? 1 : 0, 4));
  float const in = random.scale(-9, -3);
  Quantization weights;
  int const scales = random.chance(0.5) ? f.channels : 1;
  for (int c = 0; c < scales; ++c) {
    weights.scales.push_back(random.scale(-14, -6));
    weights.zero_points.push_back(0);
  }
  weights.axis = f.axis;
  OneOp op = start(f, random);
  if (kind == Kind::transpose)
    op.constant<int32_t>(Shape::of({4}), {1, f.data[1] * 2 + 5, f.data[2] * 2 + 5, f.channels});
  auto add_data = [&] { op.input<X>(f.data, Quantization::of(in, sizeof(X) == 1 ? random.between(-128, 127) : 0)); };
  if (kind != Kind::transpose) add_data();
  add_weights<W>(op, f, random, weights);
  if (kind == Kind::transpose) add_data();
  int const bias = static_cast<int>(random.between(0, wide ? 4 : 3));
  if (bias == 1) add_bias<int8_t>(op, f, random, in, weights);
  if (bias == 2) add_bias<int16_t>(op, f, random, in, weights);
  if (bias == 3) add_bias<int32_t>(op, f, random, in, weights);
  if (bias == 4) add_bias<int64_t>(op, f, random, in, weights);
  op.result<X>(Quantization::of(in * random.scale(-2, 12), sizeof(X) == 1 ? random.between(-128, 127) : 0));
  op.says({rule, wide ? 64 : 32});
  if (std::string const why = op.refusal("narrow"); !why.empty()) {
    EXPECT_THAT(why, testing::HasSubstr("the accumulator of channel"));
    return false;
  }
  std::vector<std::vector<X>> const data{random.values<X>(2 * f.data.elements())};
  auto const portable = op.run<X>("narrow", data, 2, true);
  on_every_instruction_set([&] { EXPECT_EQ(op.run<X>("narrow", data, 2), portable); });
  return true;
}

TEST(LayerWidths, FastAndPortableAgree) {
  Random random;
  SCOPED_TRACE(random.text());
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    auto const kind = static_cast<Kind>(i % 4);
    SCOPED_TRACE("case " + std::to_string(i));
    refused += !compare<int8_t, int8_t>(kind, random);
    refused += !compare<int8_t, int16_t>(kind, random);
    refused += !compare<int16_t, int8_t>(kind, random);
    refused += !compare<int16_t, int16_t>(kind, random);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_LT(refused, 200) << "of 1200 layers";
}

/// A dense layer with two inputs and one output.
OneOp dense(std::vector<int16_t> weights, float bias_scale, std::vector<int8_t> bias, const Arithmetic& says) {
  OneOp op(kFullyConnected, FullyConnectedAttributes{});
  op.input<int16_t>(Shape::of({1, 2}), Quantization::of(0.5f, 0));
  op.constant(Shape::of({1, 2}), weights, Quantization::of(0.25f, 0));
  op.constant(Shape::of({1}), bias, Quantization::of(bias_scale, 0));
  op.result<int16_t>(Quantization::of(0.5f, 0)).says(says);
  return op;
}

TEST(LayerWidths, BiasesAreShifted) {
  // 3 * 10 + 5 * 20 + (7 << 3) = 186 steps of 1/8: 46.5 steps of 1/2.
  std::vector<std::vector<int16_t>> const x{{10, 20}};
  auto run = [&](RoundingRule rule) { return dense({3, 5}, 1.0f, {7}, {rule, 64}).run<int16_t>("narrow", x); };
  EXPECT_EQ(run(RoundingRule::half_up), std::vector<int16_t>{47});
  EXPECT_EQ(run(RoundingRule::truncate), std::vector<int16_t>{46});
  EXPECT_EQ(run(RoundingRule::half_even), std::vector<int16_t>{46});
  EXPECT_EQ(run(RoundingRule::half_away), std::vector<int16_t>{47});
}

TEST(LayerWidths, SaysWhatItCannotCompute) {
  Arithmetic const half_up{RoundingRule::half_up, 64};
  EXPECT_NE(dense({3, 5}, 0.3f, {7}, half_up).refusal("narrow").find("2^k"), std::string::npos);
  EXPECT_NE(dense({3, 5}, 1.0f / 16, {7}, half_up).refusal("narrow").find("2^k"), std::string::npos);
  EXPECT_NE(dense({3, 5}, 1.0f, {7}, {RoundingRule::twice, 64}).refusal("narrow").find("64-bit"), std::string::npos);
  EXPECT_NE(dense({32767, 32767}, 2048.0f, {7}, {RoundingRule::half_up, 32}).refusal("narrow").find("channel 0"),
            std::string::npos);
  EXPECT_NE(dense({3, 5}, 1.0f, {7}, half_up).refusal("tflm").find("int8 bias"), std::string::npos);
}

TEST(LayerWidths, ResultsSaturate) {
  OneOp op(kFullyConnected, FullyConnectedAttributes{});
  op.input<int16_t>(Shape::of({1, 1}), Quantization::of(1.0f, 0));
  op.constant<int16_t>(Shape::of({1, 1}), {32767}, Quantization::of(4.0f, 0));
  op.result<int16_t>(Quantization::of(0x1p-6f, 0)).says({RoundingRule::half_up, 64});
  std::vector<std::vector<int16_t>> const high{{32767}}, low{{-32768}};
  for (bool reference : {false, true}) {
    EXPECT_EQ(op.run<int16_t>("narrow", high, 1, reference), std::vector<int16_t>{32767});
    EXPECT_EQ(op.run<int16_t>("narrow", low, 1, reference), std::vector<int16_t>{-32768});
  }
}

TEST(TransposeConv, LengthsPastIntegersAreRefused) {
  auto infer = [](int stride) {
    return OneOp(kTransposeConv, TransposeConvAttributes{.stride_h = stride})
        .constant<int32_t>(Shape::of({4}), {1, 4, 4, 1})
        .constant(Shape::of({1, 3, 3, 1}), std::vector<float>(9, 1.0f))
        .input<float>(Shape::of({1, 2, 2, 1}))
        .infer();
  };
  EXPECT_TRUE(infer(2));
  ASSERT_FALSE(infer(2147483647));
  EXPECT_EQ(infer(2147483647).error().kind, ErrorKind::bad_file);
}

/// Scale 2^-n, n in [lo, hi].
Quantization power_of_two(Random& random, int lo, int hi) {
  return Quantization::of(std::ldexp(1.0f, -static_cast<int>(random.between(lo, hi))), 0);
}

/// False where lowering refuses the sum: there is no exact one in 64 bits.
template <class T>
bool compare_sum(Random& random) {
  bool const far = random.chance(0.2);  // beyond what 32 bits hold
  OneOp op = random.chance(0.5) ? OneOp(kAdd, AddAttributes{}) : OneOp(kSub, SubAttributes{});
  auto const n = static_cast<int32_t>(random.between(1, 70));
  Shape const shape = Shape::of({1, 3, n});
  op.input<T>(shape, power_of_two(random, 0, far ? 40 : 9));
  Shape const other = random.chance(0.3) ? Shape::of({1, 1, 1}) : shape;
  op.input<T>(other, power_of_two(random, 0, far ? 40 : 9));
  op.result<T>(power_of_two(random, -3, 9)).says({static_cast<RoundingRule>(random.between(1, 4)), 32});
  if (!op.refusal("narrow").empty()) return false;
  std::vector<std::vector<T>> const data{random.values<T>(shape.elements()), random.values<T>(other.elements())};
  EXPECT_EQ(op.run<T>("narrow", data), op.run<T>("narrow", data, 1, true));
  return true;
}

template <class T>
void compare_average(Random& random) {
  auto n = [&](int most) { return static_cast<int32_t>(random.between(1, most)); };
  Pool2dAttributes pool;
  pool.padding = random.chance(0.5) ? Padding::same : Padding::valid;
  pool.filter_h = n(4);
  pool.filter_w = n(4);
  OneOp op(kAveragePool2d, pool);
  Shape const shape = Shape::of({1, n(4) + 3, n(4) + 3, n(30)});
  Quantization const q = power_of_two(random, 0, 9);
  op.input<T>(shape, q).template result<T>(q).says({static_cast<RoundingRule>(random.between(1, 4)), 32});
  std::vector<std::vector<T>> const data{random.values<T>(shape.elements())};
  EXPECT_EQ(op.run<T>("narrow", data), op.run<T>("narrow", data, 1, true));
}

TEST(LayerWidths, SumsAndAveragesAgreeToo) {
  Random random;
  SCOPED_TRACE(random.text());
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    refused += !compare_sum<int8_t>(random);
    refused += !compare_sum<int16_t>(random);
    compare_average<int8_t>(random);
    compare_average<int16_t>(random);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_LT(refused, 60) << "of 600 sums";
}

TEST(TransposeConv, ComputedShapesDoNotHideOperands) {
  auto const inferred = OneOp(kTransposeConv, TransposeConvAttributes{})
                            .input<int32_t>(Shape::of({4}))
                            .input<float>(Shape())
                            .input<float>(Shape::of({1, 2, 2, 1}))
                            .infer();
  ASSERT_FALSE(inferred);
  EXPECT_EQ(inferred.error().kind, ErrorKind::bad_file);
}

}  // namespace
}  // namespace narrow
