// BATCH_MATMUL against its definition: every way the leading dimensions repeat, both operands stored either way.
#include <cmath>

#include "one_op.h"
#include "ops/arithmetic/elementwise.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

struct Form {
  Shape a, b;
  BatchMatmulAttributes attributes;
  int rows = 0, depth = 0, cols = 0;
  bool b_constant = false;
};

Form random_form(Random& r) {
  Form f;
  auto small = [&] { return static_cast<int32_t>(r.between(1, 4)); };
  f.rows = small();
  f.depth = static_cast<int>(r.between(1, 40));
  f.cols = small();
  f.attributes.adjoint_a = r.chance(0.5);
  f.attributes.adjoint_b = r.chance(0.5);
  std::vector<int32_t> a, b;
  for (int64_t d = r.between(0, 4); d > 0; --d) {
    int32_t const n = small();
    a.push_back(r.chance(0.3) ? 1 : n);
    b.push_back(r.chance(0.3) ? 1 : n);
  }
  if (r.chance(0.3)) a.clear();
  auto add = [](std::vector<int32_t>& v, int rows, int cols, bool adjoint) {
    v.push_back(adjoint ? cols : rows);
    v.push_back(adjoint ? rows : cols);
  };
  add(a, f.rows, f.depth, f.attributes.adjoint_a);
  add(b, f.depth, f.cols, f.attributes.adjoint_b);
  f.a = *Shape::make(a);
  f.b = *Shape::make(b);
  f.b_constant = r.chance(0.5);
  return f;
}

/// The matrix of an operand that meets matrix `at` of the result.
int64_t matrix_of(const Shape& operand, const Shape& out, int64_t at) {
  int64_t index = 0, step = 1;
  for (int d = operand.rank() - 3, o = out.rank() - 3; o >= 0; --o, --d) {
    int64_t const i = at % out[o];
    at /= out[o];
    if (d < 0) continue;
    if (operand[d] != 1) index += i * step;
    step *= operand[d];
  }
  return index;
}

/// finish(sum of products) for each element of the result; product(a, b) of two stored elements.
template <class Out, class Sum, class A, class B, class Product, class Finish>
std::vector<Out> expect(const Form& f, const Shape& out, const std::vector<A>& a, const std::vector<B>& b,
                        Product product, Finish finish) {
  std::vector<Out> y;
  for (int64_t m = 0; m < out.elements() / f.rows / f.cols; ++m) {
    int64_t const ma = matrix_of(f.a, out, m) * f.rows * f.depth, mb = matrix_of(f.b, out, m) * f.depth * f.cols;
    for (int i = 0; i < f.rows; ++i)
      for (int j = 0; j < f.cols; ++j) {
        Sum sum = 0;
        for (int k = 0; k < f.depth; ++k) {
          int64_t const ia = ma + (f.attributes.adjoint_a ? k * f.rows + i : i * f.depth + k);
          int64_t const ib = mb + (f.attributes.adjoint_b ? j * f.depth + k : k * f.cols + j);
          sum += product(a[static_cast<size_t>(ia)], b[static_cast<size_t>(ib)]);
        }
        y.push_back(finish(sum));
      }
  }
  return y;
}

template <class A, class B>
OneOp model(const Form& f, const Quantization& qa, const std::vector<B>& b, const Quantization& qb,
            const Quantization& qo) {
  OneOp op(kBatchMatmul, f.attributes);
  op.input<A>(f.a, qa);
  f.b_constant ? op.constant<B>(f.b, b, qb) : op.input<B>(f.b, qb);
  return std::move(op.result<A>(qo));
}

/// 64-bit sums: the factor cut to 16 bits, one rounding, ties up.
int64_t wide(int64_t sum, const FixedFactor& f) {
  int64_t const reduced = f.value < 0x7FFF0000 ? (f.value + (1 << 15)) >> 16 : 0x7FFF;
  return nearest_ties_up(sum * reduced, 15 - f.exponent);
}

template <class A, class B>
void integers_equal_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 150; ++i) {
    Form f = random_form(r);
    if (sizeof(A) != sizeof(B)) f.b_constant = true;
    auto zero = [&](size_t width) -> int64_t { return width == 1 && sizeof(A) == 1 ? r.between(-128, 127) : 0; };
    Quantization const qa = Quantization::of(r.scale(-8, 0), zero(sizeof(A)));
    Quantization const qb = Quantization::of(r.scale(-8, 0), zero(sizeof(B)));
    float const steps = sizeof(A) == 1 ? 30.0f : sizeof(B) == 1 ? 60.0f : 9000.0f;
    float const depth = std::sqrt(static_cast<float>(f.depth));
    Quantization const qo = Quantization::of(qa.scale() * qb.scale() * steps * depth * r.scale(-1, 2), zero(sizeof(A)));
    auto const a = r.values<A>(f.a.elements());
    auto const b = r.values<B>(f.b.elements());
    OneOp const op = model<A, B>(f, qa, b, qb, qo);
    FixedFactor const factor(static_cast<double>(qa.scale() * qb.scale()) / double{qo.scale()});
    auto const want = expect<A, int64_t>(
        f, op.output_shape(), a, b, [&](A x, B y) { return int64_t{x - qa.zero_point()} * (y - qb.zero_point()); },
        [&](int64_t sum) {
          int64_t const v = (sizeof(A) == 1 ? factor.times(sum) : wide(sum, factor)) + qo.zero_point();
          return static_cast<A>(std::clamp<int64_t>(v, std::numeric_limits<A>::min(), std::numeric_limits<A>::max()));
        });
    std::vector<std::vector<A>> inputs{a};
    if constexpr (std::is_same_v<A, B>)
      if (!f.b_constant) inputs.push_back(b);
    for (bool reference : {false, true}) ASSERT_EQ(op.run<A>("narrow", inputs, 1, reference), want) << i;
  }
}

TEST(BatchMatmul, IntegersEqualTheDefinition) {
  integers_equal_the_definition<int8_t, int8_t>();
  integers_equal_the_definition<int16_t, int16_t>();
  integers_equal_the_definition<int16_t, int8_t>();
}

TEST(BatchMatmul, FloatsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 100; ++i) {
    Form const f = random_form(r);
    auto const a = r.values<float>(f.a.elements()), b = r.values<float>(f.b.elements());
    OneOp const op = model<float, float>(f, {}, b, {}, {});
    auto const want = expect<float, double>(
        f, op.output_shape(), a, b, [](float x, float y) { return double{x} * double{y}; },
        [](double sum) { return static_cast<float>(sum); });
    std::vector<std::vector<float>> inputs{a};
    if (!f.b_constant) inputs.push_back(b);
    auto const got = op.run<float>("narrow", inputs);
    ASSERT_EQ(got.size(), want.size());
    for (size_t k = 0; k < got.size(); ++k) ASSERT_NEAR(got[k], want[k], 1e-3);
  }
}

TEST(BatchMatmul, FloatDataMeetsIntegerWeights) {
  OneOp op(kBatchMatmul, BatchMatmulAttributes{});
  op.input<float>(Shape::of({1, 2})).constant<int8_t>(Shape::of({2, 1}), {2, 4}, Quantization::of(0.5f, 0));
  op.result<float>();
  EXPECT_NEAR(op.run<float>("narrow", {{1.27f, -0.63f}})[0], 1.27f - 1.26f, 0.02f);
}

TEST(BatchMatmul, RefusesWhatDoesNotFit) {
  OneOp shapes(kBatchMatmul, BatchMatmulAttributes{});
  shapes.input<float>(Shape::of({2, 3})).input<float>(Shape::of({2, 3}));
  EXPECT_EQ(shapes.infer().error().kind, ErrorKind::bad_file);
  OneOp vector(kBatchMatmul, BatchMatmulAttributes{});
  vector.input<float>(Shape::of({3})).input<float>(Shape::of({3, 1}));
  EXPECT_EQ(vector.infer().error().kind, ErrorKind::bad_file);
  Quantization const q = Quantization::of(1.0f, 0);
  OneOp deep(kBatchMatmul, BatchMatmulAttributes{});
  deep.input<int8_t>(Shape::of({1, 200000}), q).input<int8_t>(Shape::of({200000, 1}), q).result<int8_t>(q);
  EXPECT_NE(deep.refusal("narrow").find("beyond 2^31"), std::string::npos);
  OneOp mixed(kBatchMatmul, BatchMatmulAttributes{});
  mixed.input<int16_t>(Shape::of({1, 2}), q).constant<int8_t>(Shape::of({2, 1}), {1, 1}, q).result<int16_t>(q);
  EXPECT_NE(mixed.refusal("tflm").find("no kernel"), std::string::npos);
}

}  // namespace
}  // namespace narrow
