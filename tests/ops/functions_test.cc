// Functions of one element, and ops along an axis, where LiteRT has no kernel to compare with or stops.
#include <gmock/gmock.h>

#include <cmath>

#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/reductions/reductions.h"

namespace narrow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Quantization grid8(Random& r, double lo, double hi) {
  return Quantization::of(r.scale(lo, hi), r.between(-128, 127));
}

int8_t to_int8(int64_t v) {
  return static_cast<int8_t>(std::clamp<int64_t>(v, -128, 127));
}

/// A running sum as TFLM has it: terms are (x - z) 2^19, the first term is -z 2^19, and each sum is rescaled.
struct CumsumReference {
  int outer, depth, inner;
  CumsumAttributes attributes;
  Quantization in, out;

  std::vector<int8_t> of(const std::vector<int8_t>& x) const {
    FixedFactor const factor(2 * static_cast<double>(in.scale()) / (1048576 * static_cast<double>(out.scale())));
    std::vector<int8_t> y(x.size());
    for (int o = 0; o < outer; ++o) {
      for (int i = 0; i < inner; ++i) {
        auto at = [&](int d) { return static_cast<size_t>((o * depth + d) * inner + i); };
        for (int d = 0; d < depth; ++d) {
          int64_t sum = -in.zero_point();
          for (int e = 0; e < depth; ++e) {
            bool const counts = attributes.reverse ? e > d : e < d;
            if (counts || (e == d && !attributes.exclusive)) sum += x[at(e)] - in.zero_point();
          }
          y[at(d)] = to_int8(factor.times(sum * 524288) + out.zero_point());
        }
      }
    }
    return y;
  }
};

TEST(Cumsum, Int8EqualsTflmsArithmetic) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 500; ++i) {
    auto const outer = static_cast<int32_t>(r.between(1, 4)), inner = static_cast<int32_t>(r.between(1, 4));
    auto const depth = static_cast<int32_t>(r.between(1, 14));
    Quantization const in = grid8(r, -8, 0);
    Quantization const out = Quantization::of(in.scale() * r.scale(-1, 4), r.between(-128, 127));
    CumsumAttributes const attributes{r.chance(0.5), r.chance(0.5)};
    OneOp op(kCumsum, attributes);
    op.input<int8_t>(Shape::of({outer, depth, inner}), in).constant<int32_t>(Shape(), {r.chance(0.5) ? 1 : -2});
    op.result<int8_t>(out);
    auto const x = r.values<int8_t>(2 * outer * depth * inner);
    CumsumReference const reference{2 * outer, depth, inner, attributes, in, out};
    for (const char* name : {"narrow", "tflm"}) ASSERT_EQ(op.run<int8_t>(name, {x}, 2), reference.of(x)) << i;
    EXPECT_THAT(op.refusal("litert"), HasSubstr("no kernel for int8"));
  }
}

TEST(Cumsum, SumsThatCouldLeave32BitsAreRefused) {
  OneOp op(kCumsum, CumsumAttributes{});
  op.input<int8_t>(Shape::of({31}), Quantization::of(0.1f, 0)).constant<int32_t>(Shape(), {0});
  op.result<int8_t>(Quantization::of(0.1f, 0));
  EXPECT_THAT(op.refusal("tflm"), HasSubstr("sums of 31 elements leave 32 bits"));
}

TEST(Elu, TflmSubtractsOneFromTheExponential) {
  Random r;
  SCOPED_TRACE(r.text());
  auto const x = every<int8_t>();
  int differences = 0;
  for (int i = 0; i < 300; ++i) {
    Quantization const in = grid8(r, -20, 0);
    Quantization const out = Quantization::of(in.scale() * r.scale(-2, 2), r.between(-128, 127));
    OneOp op(kElu, {});
    op.input<int8_t>(Shape::of({256}), in).result<int8_t>(out);
    auto const y = op.run<int8_t>("tflm", {x});
    for (size_t at = 0; at < x.size(); ++at) {
      float const real = in.scale() * static_cast<float>(x[at] - in.zero_point());
      float const want = real < 0 ? std::exp(real) - 1.0f : real;
      double const steps = std::round(static_cast<double>(want * (1 / out.scale())));
      ASSERT_EQ(y[at], to_int8(static_cast<int64_t>(std::clamp(steps, -1e6, 1e6)) + out.zero_point()));
    }
    differences += op.run<int8_t>("litert", {x}) != y;
  }
  EXPECT_GT(differences, 0);
}

TEST(Tabulated, RefusedWhereARuntimeHasNoKernel) {
  for (const OpDef* def : {&kExp, &kGelu, &kLog}) {
    OneOp op(*def, def == &kGelu ? Attributes(GeluAttributes{}) : Attributes());
    op.input<int8_t>(Shape::of({4}), Quantization::of(0.1f, 0)).result<int8_t>(Quantization::of(0.1f, 0));
    EXPECT_THAT(op.refusal("tflm"), HasSubstr("no kernel for int8")) << def->name;
    for (const char* name : {"narrow", "litert", "xnnpack"}) EXPECT_EQ(op.refusal(name), "") << def->name;
  }
  OneOp wide(kElu, {});
  wide.input<int16_t>(Shape::of({4}), Quantization::of(0.1f, 0)).result<int16_t>(Quantization::of(0.1f, 0));
  EXPECT_THAT(wide.refusal("narrow"), HasSubstr("int16"));
  OneOp bounded(kReluN1To1, {});
  bounded.input<int16_t>(Shape::of({4}), Quantization::of(0.1f, 0)).result<int16_t>(Quantization::of(0.1f, 0));
  EXPECT_THAT(bounded.refusal("narrow"), HasSubstr("int16"));
}

TEST(Tabulated, ResultsBeyondAllNumbersSaturate) {
  OneOp op(kExp, {});
  op.input<int8_t>(Shape::of({256}), Quantization::of(10.0f, 0)).result<int8_t>(Quantization::of(1e-6f, 3));
  auto const y = op.run<int8_t>("litert", {every<int8_t>()});
  EXPECT_EQ(y.front(), 3);
  EXPECT_EQ(y.back(), 127);
  OneOp wide(kExp, {});
  wide.input<int16_t>(Shape::of({2}), Quantization::of(1.0f, 0)).result<int16_t>(Quantization::of(1e-6f, 0));
  EXPECT_EQ(wide.run<int16_t>("litert", {{-32768, 32767}}), (std::vector<int16_t>{0, 32511}));
}

TEST(Roots, ArgumentsWithoutARoot) {
  Quantization const in = Quantization::of(0.5f, 10), out = Quantization::of(0.25f, -7);
  OneOp root(kSqrt, {}), inverse(kRsqrt, {}), log(kLog, {});
  for (OneOp* op : {&root, &inverse, &log}) op->input<int8_t>(Shape::of({2}), in).result<int8_t>(out);
  EXPECT_THAT(root.run<int8_t>("litert", {{-128, 10}}), ElementsAre(-7, -7));
  EXPECT_THAT(inverse.run<int8_t>("litert", {{-128, 10}}), ElementsAre(127, 127));
  EXPECT_THAT(log.run<int8_t>("litert", {{-128, 10}}), ElementsAre(-128, -128));
}

TEST(Neg, TheSmallestIntegerIsItsOwnOpposite) {
  OneOp op(*find_op("NEG"), {});
  op.input<int32_t>(Shape::of({3})).result<int32_t>();
  int32_t const least = std::numeric_limits<int32_t>::min();
  EXPECT_THAT(op.run<int32_t>("narrow", {{least, 5, 0}}), ElementsAre(least, -5, 0));
}

TEST(Functions, AreThoseOfTheCLibrary) {
  struct Row {
    const char* name;
    float (*f)(float);
  };
  Row const rows[] = {{"ACOS", std::acos}, {"ACOSH", std::acosh}, {"ASIN", std::asin}, {"ASINH", std::asinh},
                      {"ATAN", std::atan}, {"ATANH", std::atanh}, {"COSH", std::cosh}, {"ERF", std::erf},
                      {"SINH", std::sinh}, {"TAN", std::tan}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    OneOp op(*find_op(row.name), {});
    op.input<float>(Shape::of({4})).result<float>();
    std::vector<float> const x{-0.5F, 0, 0.75F, 1.5F};
    auto const y = op.run<float>("narrow", {x});
    ASSERT_EQ(y.size(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      float const want = row.f(x[i]);
      EXPECT_TRUE(y[i] == want || (std::isnan(y[i]) && std::isnan(want))) << x[i];
    }
  }
}

TEST(Bits, AreTakenFromBothOperands) {
  auto const of = [](const char* name, std::vector<int32_t> a, std::vector<int32_t> b) {
    OneOp op(*find_op(name), {});
    op.input<int32_t>(Shape::of({3})).input<int32_t>(Shape::of({3})).result<int32_t>();
    return op.run<int32_t>("narrow", {a, b});
  };
  EXPECT_THAT(of("BITWISE_AND", {12, -1, 5}, {10, 7, -2}), ElementsAre(8, 7, 4));
  EXPECT_THAT(of("BITWISE_OR", {12, -1, 5}, {10, 7, 2}), ElementsAre(14, -1, 7));
  EXPECT_THAT(of("LEFT_SHIFT", {1, -3, 5}, {4, 1, 32}), ElementsAre(16, -6, 0));
  EXPECT_THAT(of("LEFT_SHIFT", {1, 7, 5}, {31, -1, 100}), ElementsAre(std::numeric_limits<int32_t>::min(), 7, 0));
}

TEST(Round, HalvesGoToEven) {
  OneOp op(*find_op("ROUND"), {});
  op.input<float>(Shape::of({6})).result<float>();
  EXPECT_THAT(op.run<float>("narrow", {{0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 1e9f}}), ElementsAre(0, 2, 2, 0, -2, 1e9f));
}

TEST(Cast, FloatsSaturate) {
  OneOp op(kCast, CastAttributes{});
  op.input<float>(Shape::of({6})).result<int32_t>();
  int32_t const most = std::numeric_limits<int32_t>::max();
  EXPECT_THAT((op.run<float, int32_t>("narrow", {{1.9f, -1.9f, 3e9f, -3e9f, 2147483520.0f, NAN}})),
              ElementsAre(1, -1, most, -most - 1, 2147483520, most));
}

TEST(ArgMax, ANumberTakesThePlaceOfNan) {
  OneOp op(kArgMax, ArgAttributes{DType::int32});
  op.input<float>(Shape::of({2, 3})).constant<int32_t>(Shape::of({1}), {-1}).result<int32_t>();
  EXPECT_THAT((op.run<float, int32_t>("narrow", {{NAN, -5, -6, NAN, NAN, NAN}})), ElementsAre(1, 0));
}

TEST(ReduceMax, PlainLoopsAndFastOnesAgree) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    std::vector<int32_t> dims;
    for (int64_t n = r.between(1, 5); n > 0; --n) dims.push_back(static_cast<int32_t>(r.between(1, 5)));
    Shape const shape = *Shape::make(dims);
    auto const axis = static_cast<int32_t>(r.between(0, shape.rank() - 1));
    OneOp op(r.chance(0.5) ? kReduceMax : kReduceMin, ReduceAttributes{r.chance(0.5)});
    Quantization const q = Quantization::of(0.1f, 0);
    op.input<int16_t>(shape, q).constant<int32_t>(Shape::of({1}), {axis}).result<int16_t>(q);
    auto const x = r.values<int16_t>(3 * shape.elements());
    ASSERT_EQ(op.run<int16_t>("narrow", {x}, 3), op.run<int16_t>("narrow", {x}, 3, true)) << shape.text() << axis;
  }
}

}  // namespace
}  // namespace narrow
