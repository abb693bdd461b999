// Functions of two operands: what no LiteRT kernel computes, and the edges that random cases leave out. The integers
// are compared with references written from docs/arithmetic.md.
#include <cmath>

#include "one_op.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/plain.h"
#include "ops/indexing/indexing.h"

namespace narrow {

template <>
constexpr DType dtype_of<Truth>() {
  return DType::boolean;
}

namespace {

template <class T, class Out = T>
std::vector<Out> pair(const OpDef& def, const std::vector<T>& a, const std::vector<T>& b, const Quantization& qa = {},
                      const Quantization& qb = {}, const Quantization& qo = {}, Attributes attributes = {},
                      const char* profile_name = "narrow") {
  auto const n = static_cast<int32_t>(a.size());
  OneOp op(def, std::move(attributes));
  op.input<T>(Shape::of({n}), qa).template input<T>(Shape::of({static_cast<int32_t>(b.size())}), qb);
  return op.result<Out>(qo).template run<T, Out>(profile_name, {a, b});
}

std::vector<int> ints(const std::vector<Truth>& v) {
  return {v.begin(), v.end()};
}

template <class T>
T stored(int64_t v, const Quantization& q) {
  return static_cast<T>(
      std::clamp<int64_t>(v + q.zero_point(), std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

TEST(SquaredDifference, SixteenBitsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    Quantization const qa = Quantization::of(r.scale(-14, -8), 0), qb = Quantization::of(r.scale(-14, -8), 0);
    double const twice = 2.0 * std::max<double>(qa.scale(), qb.scale());
    Quantization const qo = Quantization::of(static_cast<float>(twice * twice * r.real(1, 40000)), 0);
    FixedFactor const fa(qa.scale() / twice), fb(qb.scale() / twice), fo(twice * twice / double{qo.scale()});
    auto const a = r.values<int16_t>(50), b = r.values<int16_t>(50);
    std::vector<int16_t> want;
    for (size_t k = 0; k < a.size(); ++k) {
      int64_t const d = fa.times(a[k]) - fb.times(b[k]);
      want.push_back(stored<int16_t>(fo.times(d * d), qo));
    }
    EXPECT_EQ(pair(kSquaredDifference, a, b, qa, qb, qo), want);
    EXPECT_EQ(pair(kSquaredDifference, a, b, qa, qb, qo, {}, "tflm"), want);
  }
}

template <class T>
void quotients_are_within_a_step(double lo, double hi) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    auto zero = [&] { return sizeof(T) == 1 ? r.between(-100, 100) : 0; };
    Quantization const qa = Quantization::of(r.scale(-6, 0), zero()), qb = Quantization::of(r.scale(-6, 0), zero());
    float const ratio = r.scale(lo, hi);
    Quantization const qo = Quantization::of(qa.scale() / qb.scale() / ratio, zero());
    auto const a = r.values<T>(60), b = r.values<T>(60);
    auto const got = pair(kDiv, a, b, qa, qb, qo, DivAttributes{});
    for (size_t k = 0; k < a.size(); ++k) {
      double const x = a[k] - qa.zero_point(), y = b[k] - qb.zero_point();
      double const exact = y == 0 ? (x == 0 ? 0 : x * 1e9) : x / y * double{ratio};
      double const want =
          std::clamp<double>(exact + qo.zero_point(), std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
      EXPECT_NEAR(got[k], want, 1.01) << x << " / " << y;
    }
  }
}

TEST(Div, QuotientsAreWithinAStepAndZeroDivisorsSaturate) {
  quotients_are_within_a_step<int8_t>(7, 15);
  quotients_are_within_a_step<int16_t>(14.1, 14.9);
}

TEST(Div, RefusesScalesThatLeaveRegisters) {
  Quantization const one = Quantization::of(1.0f, 0);
  auto refusal = [&](float out, const char* profile_name) {
    return OneOp(kDiv, DivAttributes{})
        .input<int8_t>(Shape::of({2}), one)
        .input<int8_t>(Shape::of({2}), one)
        .result<int8_t>(Quantization::of(out, 0))
        .refusal(profile_name);
  };
  EXPECT_EQ(refusal(0.01f, "tflm"), "");
  EXPECT_NE(refusal(1e-9f, "narrow").find("too small"), std::string::npos);
  EXPECT_NE(refusal(1e9f, "narrow").find("too large"), std::string::npos);
  auto wide = OneOp(kDiv, DivAttributes{}).input<int16_t>(Shape::of({2}), one).input<int16_t>(Shape::of({2}), one);
  EXPECT_NE(wide.result<int16_t>(one).refusal("tflm").find("no 16-bit kernel"), std::string::npos);
}

TEST(PlainNumbers, DivisionByZeroAndOverflowAreHarmless) {
  constexpr int32_t kMin = std::numeric_limits<int32_t>::min(), kMax = std::numeric_limits<int32_t>::max();
  std::vector<int32_t> const a{7, -7, kMin, 5}, b{2, 2, -1, 0};
  EXPECT_EQ(pair(kDiv, a, b, {}, {}, {}, DivAttributes{}), (std::vector<int32_t>{3, -3, kMax, 0}));
  EXPECT_EQ(pair(kFloorDiv, a, b), (std::vector<int32_t>{3, -4, kMax, 0}));
  EXPECT_EQ(pair(kFloorMod, a, b), (std::vector<int32_t>{1, 1, 0, 0}));
  EXPECT_EQ(pair(kFloorMod, std::vector<float>{5.5f, -5.5f}, {2.0f, 2.0f}), (std::vector<float>{1.5f, 0.5f}));
  EXPECT_EQ(pair(kPow, std::vector<int32_t>{10, -3, 0, 2}, {20, 3, -1, -1}), (std::vector<int32_t>{kMax, -27, 0, 0}));
  EXPECT_EQ(pair(kRightShift, std::vector<int32_t>{-8, 8, 8, -1}, {1, 100, -3, 31}),
            (std::vector<int32_t>{-4, 0, 8, -1}));
  EXPECT_EQ(pair(kBitwiseXor, std::vector<int8_t>{5, -1}, {3, 1}), (std::vector<int8_t>{6, -2}));
}

TEST(Compare, FloatsThatAreNoNumbersAreNeverOrdered) {
  float const nan = std::nanf("");
  std::vector<float> const a{1, 2, nan, nan}, b{2, 2, 1, nan};
  auto holds = [&](const OpDef& def) { return ints(pair<float, Truth>(def, a, b)); };
  EXPECT_EQ(holds(kEqual), (std::vector{0, 1, 0, 0}));
  EXPECT_EQ(holds(kNotEqual), (std::vector{1, 0, 1, 1}));
  EXPECT_EQ(holds(kLess), (std::vector{1, 0, 0, 0}));
  EXPECT_EQ(holds(kLessEqual), (std::vector{1, 1, 0, 0}));
  EXPECT_EQ(holds(kGreater), (std::vector{0, 0, 0, 0}));
  EXPECT_EQ(holds(kGreaterEqual), (std::vector{0, 1, 0, 0}));
}

TEST(Compare, SixteenBitsByProfile) {
  Quantization const fine = Quantization::of(0.25f, 0), coarse = Quantization::of(0.5f, 0);
  std::vector<int16_t> const a{3, 4, 5}, b{2, 2, 2};  // 0.75, 1, 1.25 and 1
  auto less = [&](const char* p) { return ints(pair<int16_t, Truth>(kLess, a, b, fine, coarse, {}, {}, p)); };
  EXPECT_EQ(less("narrow"), (std::vector{1, 0, 0}));
  EXPECT_EQ(less("litert"), (std::vector{0, 0, 0}));  // stored numbers
  Quantization const finest = Quantization::of(1e-5f, 0);
  EXPECT_EQ(ints(pair<int16_t, Truth>(kLess, b, a, finest, finest, {}, {}, "narrow")), (std::vector{1, 1, 1}));
  auto op = OneOp(kLess, {}).input<int16_t>(Shape::of({1}), fine).input<int16_t>(Shape::of({1}), fine);
  EXPECT_NE(op.result<Truth>().refusal("tflm").find("does not compare"), std::string::npos);
}

TEST(Compare, RefusesScalesOfOneAndMore) {
  Quantization const one = Quantization::of(1.0f, 0);
  auto op = OneOp(kEqual, {}).input<int8_t>(Shape::of({1}), one).input<int8_t>(Shape::of({1}), one);
  EXPECT_NE(op.result<Truth>().refusal("narrow").find("below 1"), std::string::npos);
}

TEST(Choose, RefusesToRescale) {
  Quantization const a = Quantization::of(0.5f, 0), b = Quantization::of(0.25f, 0);
  auto op = OneOp(kMaximum, {}).input<int8_t>(Shape::of({1}), a).input<int8_t>(Shape::of({1}), b);
  EXPECT_NE(op.result<int8_t>(a).refusal("narrow").find("does not rescale"), std::string::npos);
}

TEST(Logic, AnyByteButZeroIsTrue) {
  OneOp op(kLogicalAnd, {});
  op.input<Truth>(Shape::of({2, 1})).input<Truth>(Shape::of({2})).result<Truth>();
  EXPECT_EQ(ints(op.run<Truth>("narrow", {{false, true}, {true, false}})), (std::vector{0, 0, 1, 0}));
  OneOp negation(kLogicalNot, {});
  negation.input<Truth>(Shape::of({2})).result<Truth>();
  EXPECT_EQ(ints(negation.run<Truth>("narrow", {{false, true}})), (std::vector{1, 0}));
  OneOp numbers(kLogicalOr, {});
  numbers.input<float>(Shape::of({1})).input<float>(Shape::of({1})).result<Truth>();
  EXPECT_NE(numbers.refusal("narrow"), "");
}

/// TFLM begins its sum with one zero point too many; narrow does not.
TEST(AddN, EightBitsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    Quantization const q = Quantization::of(r.scale(-6, 0), r.between(-100, 100));
    Quantization const qo = Quantization::of(q.scale() * r.scale(-1, 3), r.between(-100, 100));
    auto const n = static_cast<size_t>(r.between(2, 6));
    FixedFactor const half(0.5), out(2.0 * double{q.scale()} / (1048576.0 * double{qo.scale()}));
    OneOp op(kAddN, {});
    std::vector<std::vector<int8_t>> in;
    for (size_t k = 0; k < n; ++k) {
      op.input<int8_t>(Shape::of({20}), q);
      in.push_back(r.values<int8_t>(20));
    }
    op.result<int8_t>(qo);
    for (bool tflm : {false, true}) {
      std::vector<int8_t> want;
      for (size_t e = 0; e < 20; ++e) {
        int64_t sum = tflm ? half.times(int64_t{-q.zero_point()} << 20) : 0;
        for (const auto& v : in) sum += half.times(int64_t{v[e] - q.zero_point()} << 20);
        want.push_back(stored<int8_t>(out.times(sum), qo));
      }
      EXPECT_EQ(op.run<int8_t>(tflm ? "tflm" : "narrow", in), want);
    }
  }
  OneOp op(kAddN, {});
  op.input<int8_t>(Shape::of({1}), Quantization::of(1, 0)).input<int8_t>(Shape::of({1}), Quantization::of(1, 0));
  EXPECT_NE(op.result<int8_t>(Quantization::of(1, 0)).refusal("litert").find("no 8-bit kernel"), std::string::npos);
}

TEST(Select, ConditionsOfOneDimensionChooseRows) {
  OneOp op(kSelect, {});
  op.constant<Truth>(Shape::of({2}), {true, false}).input<int32_t>(Shape::of({2, 2})).input<int32_t>(Shape::of({2, 2}));
  op.result<int32_t>();
  EXPECT_EQ(op.run<int32_t>("narrow", {{1, 2, 3, 4, 10, 20, 30, 40}, {5, 6, 7, 8, 50, 60, 70, 80}}, 2),
            (std::vector<int32_t>{1, 2, 7, 8, 10, 20, 70, 80}));
  OneOp wrong(kSelect, {});
  wrong.constant<Truth>(Shape::of({3}), {true, false, true}).input<int32_t>(Shape::of({2, 2}));
  wrong.input<int32_t>(Shape::of({2, 2}));
  EXPECT_EQ(wrong.infer().error().kind, ErrorKind::bad_file);
}

TEST(Select, BroadcastsOverSixDimensions) {
  OneOp op(kSelectV2, {});
  op.constant<Truth>(Shape::of({2, 1, 1, 1, 1, 1}), {true, false});
  op.input<int8_t>(Shape::of({1, 1, 2, 1, 1, 3})).constant<int8_t>(Shape::of({}), {9}).result<int8_t>();
  EXPECT_EQ(op.run<int8_t>("narrow", {{1, 2, 3, 4, 5, 6}}), (std::vector<int8_t>{1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9}));
}

TEST(Where, ListsKnownIndicesAndRefusesOthers) {
  OneOp op(kWhere, {});
  op.constant<Truth>(Shape::of({2, 3}), {true, false, true, false, false, true}).result<int64_t>();
  EXPECT_EQ(op.run<int64_t>("narrow", {}), (std::vector<int64_t>{0, 0, 0, 2, 1, 2}));
  OneOp computed(kWhere, {});
  computed.input<Truth>(Shape::of({2}));
  EXPECT_EQ(computed.infer().error().kind, ErrorKind::unsupported);
  EXPECT_NE(computed.infer().error().what.find("known from its values only"), std::string::npos);
}

TEST(Unique, CountsKnownValuesAndRefusesOthers) {
  float const nan = std::numeric_limits<float>::quiet_NaN();
  OneOp op(kUnique, UniqueAttributes{});
  op.constant<float>(Shape::of({7}), {2, nan, -0.0F, 2, 0, nan, 1});
  EXPECT_EQ(op.infer().value(), (std::vector{Shape::of({5}), Shape::of({7})}));
  OneOp computed(kUnique, UniqueAttributes{});
  computed.input<float>(Shape::of({2}));
  EXPECT_NE(computed.infer().error().what.find("known from its values only"), std::string::npos);
}

}  // namespace
}  // namespace narrow
