#include <cmath>

#include "one_op.h"
#include "ops/reductions/reductions.h"

namespace narrow {
namespace {

struct Case {
  Shape in{};
  std::vector<int32_t> axes{};
  std::vector<bool> reduced{};
  bool keep = false;
  int batch = 1;
  int64_t count = 1;  // elements of a sum
};

Case random_case(Random& r) {
  Case c;
  auto const rank = static_cast<size_t>(r.between(1, 6));
  std::vector<int32_t> dims(rank);
  for (auto& d : dims) d = static_cast<int32_t>(r.between(1, rank == 1 ? 3000 : rank == 2 ? 60 : rank == 3 ? 25 : 6));
  c.in = *Shape::make(dims);
  c.reduced.resize(rank);
  for (int64_t i = 0, n = r.between(1, static_cast<int64_t>(rank)); i < n; ++i) {
    auto const axis = r.between(0, static_cast<int64_t>(rank) - 1);
    c.reduced[static_cast<size_t>(axis)] = true;
    c.axes.push_back(static_cast<int32_t>(r.chance(0.3) ? axis - static_cast<int64_t>(rank) : axis));
  }
  for (size_t d = 0; d < rank; ++d) c.count *= c.reduced[d] ? dims[d] : 1;
  c.keep = r.chance(0.5);
  c.batch = static_cast<int>(r.between(1, 3));
  return c;
}

template <class T>
OneOp model(const OpDef& def, const Case& c, const Quantization& qi = {}, const Quantization& qo = {}) {
  OneOp op(def, ReduceAttributes{.keep_dims = c.keep});
  op.input<T>(c.in, qi).template constant<int32_t>(Shape::of({static_cast<int32_t>(c.axes.size())}), c.axes);
  return std::move(op.result<T>(qo));
}

/// Sums of the stored values, in double (exact for integers).
template <class T>
std::vector<double> sums(const Case& c, const std::vector<T>& x) {
  int64_t const outputs = c.in.elements() / c.count;
  std::vector<double> y(static_cast<size_t>(outputs * c.batch));
  for (size_t i = 0; i < x.size(); ++i) {
    auto at = static_cast<int64_t>(i) % c.in.elements();
    int64_t index = 0, step = 1;
    for (int d = c.in.rank() - 1; d >= 0; --d) {
      if (!c.reduced[static_cast<size_t>(d)]) {
        index += at % c.in[d] * step;
        step *= c.in[d];
      }
      at /= c.in[d];
    }
    y[static_cast<size_t>(static_cast<int64_t>(i) / c.in.elements() * outputs + index)] += static_cast<double>(x[i]);
  }
  return y;
}

TEST(Reduce, FloatsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    Case const c = random_case(r);
    auto const x = r.values<float>(c.in.elements() * c.batch);
    bool const mean = i % 2 != 0;
    auto const y = model<float>(mean ? kMean : kSum, c).run<float>("narrow", {x}, c.batch);
    auto const want = sums(c, x);
    ASSERT_EQ(y.size(), want.size());
    for (size_t k = 0; k < y.size(); ++k)
      EXPECT_NEAR(y[k], want[k] / (mean ? static_cast<double>(c.count) : 1.0), 1e-5 * static_cast<double>(c.count));
  }
}

template <class T>
T clamped(double v) {
  return static_cast<T>(std::clamp(v, double{std::numeric_limits<T>::min()}, double{std::numeric_limits<T>::max()}));
}

/// What a profile makes of a sum of stored values.
template <class T>
T finish(const Case& c, bool mean, const std::string& profile_name, const Quantization& qi, const Quantization& qo,
         double sum) {
  auto const n = static_cast<float>(c.count);
  float const zi = static_cast<float>(qi.zero_point()), zo = static_cast<float>(qo.zero_point());
  if (profile_name == "xnnpack" && sizeof(T) == 1) {
    float scale = qi.scale() / qo.scale();
    if (mean) scale = scale * (1 / n);
    float const product = n * zi * scale;
    float const scaled = static_cast<float>(sum) * scale;
    return clamped<T>(std::nearbyint(scaled + (zo - product)));
  }
  if (profile_name == "xnnpack" && !mean)
    return clamped<T>(std::round(static_cast<float>(sum) * (qi.scale() / qo.scale())) + zo);
  FixedFactor f(double{qi.scale()} / double{qo.scale()});
  if (mean) {
    int const k =
        std::min({static_cast<int>(std::floor(std::log2(static_cast<double>(c.count)))), 32, 31 + f.exponent});
    f.value = (f.value << k) / c.count;
    f.exponent -= k;
  }
  auto const centred = static_cast<int64_t>(sum) - qi.zero_point() * c.count;
  return clamped<T>(static_cast<double>(f.times(centred) + qo.zero_point()));
}

template <class T>
void integers_equal_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  int refused = 0;
  for (int i = 0; i < 600; ++i) {
    Case const c = random_case(r);
    bool const mean = i % 2 != 0;
    const char* const p =
        std::array{"narrow", "tflm", mean ? "litert" : "narrow", "xnnpack"}[static_cast<size_t>(i / 2 % 4)];
    SCOPED_TRACE(std::string(mean ? "MEAN " : "SUM ") + p + " case " + std::to_string(i));
    float const si = r.scale(-8, 0);
    float const so = r.chance(0.3)   ? si
                     : r.chance(0.1) ? si * static_cast<float>(std::exp2(r.real(-20, 20)))
                     : mean          ? si * static_cast<float>(std::exp2(r.real(-2, 3)))
                                     : si * static_cast<float>(c.count) * static_cast<float>(r.real(0.2, 1));
    auto zero = [&]() -> int64_t { return sizeof(T) == 1 ? r.between(-128, 127) : 0; };
    Quantization const qi = Quantization::of(si, zero()), qo = Quantization::of(so, zero());
    OneOp const op = model<T>(mean ? kMean : kSum, c, qi, qo);
    if (!op.refusal(p).empty()) {
      ++refused;
      continue;
    }
    auto const x = r.values<T>(c.in.elements() * c.batch);
    std::vector<T> want;
    for (double sum : sums(c, x)) want.push_back(finish<T>(c, mean, p, qi, qo, sum));
    ASSERT_EQ(op.run<T>(p, {x}, c.batch), want);
    ASSERT_EQ(op.run<T>(p, {x}, c.batch, true), want);
  }
  EXPECT_LT(refused, 60);
}

TEST(Reduce, Int8EqualsTheDefinitionUnderEveryProfile) {
  integers_equal_the_definition<int8_t>();
}
TEST(Reduce, Int16EqualsTheDefinitionUnderEveryProfile) {
  integers_equal_the_definition<int16_t>();
}

OneOp reduce(const OpDef& def, const Shape& in, const std::vector<int32_t>& axes, bool keep = false) {
  Quantization const q = Quantization::of(0.5f, 1);
  OneOp op(def, ReduceAttributes{.keep_dims = keep});
  op.input<int8_t>(in, q).constant<int32_t>(Shape::of({static_cast<int32_t>(axes.size())}), axes);
  return std::move(op.result<int8_t>(q));
}

TEST(Reduce, KnownValuesAndShapes) {
  EXPECT_EQ(reduce(kMean, Shape::of({1, 2, 3, 4}), {1, 2}).output_shape(), Shape::of({1, 4}));
  EXPECT_EQ(reduce(kMean, Shape::of({1, 2, 3, 4}), {-1, 1}, true).output_shape(), Shape::of({1, 1, 3, 1}));
  EXPECT_EQ(reduce(kSum, Shape::of({2, 2}), {0, 1}).output_shape(), Shape::of({}));
  EXPECT_EQ(reduce(kSum, Shape::of({2, 2}), {1}).run<int8_t>("narrow", {{3, 5, -1, -7}}),
            (std::vector<int8_t>{7, -9}));  // real values: 1 + 2, -1 - 4
  EXPECT_EQ(reduce(kMean, Shape::of({2, 2}), {0}).run<int8_t>("narrow", {{3, 5, -1, -7}}),
            (std::vector<int8_t>{1, -1}));
}

TEST(Reduce, RefusesWhatItCannotCompute) {
  EXPECT_NE(reduce(kSum, Shape::of({2, 2}), {1}).refusal("litert").find("unsigned bytes"), std::string::npos);
  EXPECT_EQ(reduce(kMean, Shape::of({2, 2}), {1}).refusal("litert"), "");
  EXPECT_NE(reduce(kMean, Shape::of({0, 2}), {0}).refusal("narrow").find("no elements"), std::string::npos);
  auto outside = OneOp(kMean, ReduceAttributes{}).input<float>(Shape::of({2})).constant<int32_t>(Shape::of({1}), {1});
  EXPECT_EQ(outside.infer().error().kind, ErrorKind::bad_file);
  auto computed = OneOp(kMean, ReduceAttributes{}).input<float>(Shape::of({2})).input<int32_t>(Shape::of({1}));
  EXPECT_EQ(computed.infer().error().kind, ErrorKind::unsupported);
}

}  // namespace
}  // namespace narrow
