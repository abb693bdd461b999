#include <cmath>
#include <limits>

#include "one_op.h"
#include "ops/arithmetic/arithmetic.h"

namespace narrow {
namespace {

enum class Kind { add, sub, mul };
constexpr Kind kKinds[] = {Kind::add, Kind::sub, Kind::mul};
constexpr const char* kProfiles[] = {"narrow", "tflm", "litert", "xnnpack"};

const OpDef& def_of(Kind k) {
  return k == Kind::add ? kAdd : k == Kind::sub ? kSub : kMul;
}

Attributes attributes_of(Kind k, Activation a) {
  if (k == Kind::add) return AddAttributes{.activation = a};
  if (k == Kind::sub) return SubAttributes{.activation = a};
  return MulAttributes{.activation = a};
}

template <class T>
T exact(Kind k, T a, T b) {
  return k == Kind::add ? a + b : k == Kind::sub ? a - b : a * b;
}

/// Two operand shapes that broadcast, of up to six dimensions, and which of them is a constant.
struct Shapes {
  Shape a, b;
  bool a_constant = false, b_constant = false;
};

Shapes random_shapes(Random& r) {
  auto const rank = static_cast<size_t>(r.between(0, 6));
  std::vector<int32_t> a(rank), b(rank);
  bool const same = r.chance(0.3);
  for (size_t i = 0; i < rank; ++i) {
    auto const n = static_cast<int32_t>(r.between(1, rank < 3 ? 40 : 5));
    a[i] = !same && r.chance(0.3) ? 1 : n;
    b[i] = !same && r.chance(0.3) ? 1 : n;
  }
  auto& shorter = r.chance(0.5) ? a : b;
  if (!same) shorter.erase(shorter.begin(), shorter.begin() + r.between(0, static_cast<int64_t>(rank)));
  Shapes s{*Shape::make(a), *Shape::make(b)};
  int64_t const which = r.between(0, 3);
  s.a_constant = which == 1;
  s.b_constant = which == 2;
  return s;
}

/// Index into an operand of the element that meets element `at` of the result.
int64_t source(const Shape& out, const Shape& operand, int64_t at) {
  int64_t index = 0, step = 1;
  for (int d = operand.rank() - 1, o = out.rank() - 1; o >= 0; --o, --d) {
    int64_t const i = at % out[o];
    at /= out[o];
    if (d < 0) continue;
    if (operand[d] != 1) index += i * step;
    step *= operand[d];
  }
  return index;
}

/// One case: operands with data for `batch` samples, constants for one.
template <class T>
struct Case {
  Shapes shapes;
  Quantization qa{}, qb{}, qo{};
  Activation activation = Activation::none;
  int batch = 1;
  std::vector<T> a{}, b{};

  void fill(Random& r) {
    a = r.values<T>(shapes.a.elements() * (shapes.a_constant ? 1 : batch));
    b = r.values<T>(shapes.b.elements() * (shapes.b_constant ? 1 : batch));
  }
  OneOp model(Kind k) const {
    OneOp op(def_of(k), attributes_of(k, activation));
    shapes.a_constant ? op.constant<T>(shapes.a, a, qa) : op.input<T>(shapes.a, qa);
    shapes.b_constant ? op.constant<T>(shapes.b, b, qb) : op.input<T>(shapes.b, qb);
    return std::move(op.result<T>(qo));
  }
  std::vector<T> run(const OneOp& op, const char* profile_name, bool reference = false) const {
    std::vector<std::vector<T>> inputs;
    if (!shapes.a_constant) inputs.push_back(a);
    if (!shapes.b_constant) inputs.push_back(b);
    return op.run<T>(profile_name, inputs, batch, reference);
  }
  /// f(a, b, position in a sample, elements of a sample) for every element of the result.
  template <class F>
  std::vector<T> expect(const Shape& out, F f) const {
    std::vector<T> y;
    for (int s = 0; s < batch; ++s)
      for (int64_t i = 0; i < out.elements(); ++i) {
        int64_t const ia = source(out, shapes.a, i) + (shapes.a_constant ? 0 : s * shapes.a.elements());
        int64_t const ib = source(out, shapes.b, i) + (shapes.b_constant ? 0 : s * shapes.b.elements());
        y.push_back(f(a[static_cast<size_t>(ia)], b[static_cast<size_t>(ib)], i, out.elements()));
      }
    return y;
  }
};

TEST(Elementwise, FloatsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 300; ++i) {
    Kind const k = kKinds[i % 3];
    Case<float> c{.shapes = random_shapes(r), .activation = static_cast<Activation>(r.between(0, 3))};
    c.batch = static_cast<int>(r.between(1, 3));
    c.fill(r);
    OneOp const op = c.model(k);
    Interval const bounds = *fused_interval(c.activation);
    EXPECT_EQ(c.run(op, "narrow"), c.expect(op.output_shape(), [&](float a, float b, int64_t, int64_t) {
      return bounds.clamp(exact(k, a, b));
    }));
  }
}

TEST(Elementwise, PlainIntegersSaturate) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
  auto run = [](Kind k, auto a, auto b, Activation act = Activation::none) {
    using T = decltype(a);
    return OneOp(def_of(k), attributes_of(k, act))
        .template input<T>(Shape::of({}))
        .template input<T>(Shape::of({}))
        .template result<T>()
        .template run<T>("narrow", {{a}, {b}})[0];
  };
  EXPECT_EQ(run(Kind::add, 40, 2), 42);
  EXPECT_EQ(run(Kind::sub, -40, 2), -42);
  EXPECT_EQ(run(Kind::mul, 6, -7, Activation::relu), 0);
  EXPECT_EQ(run(Kind::add, std::numeric_limits<int32_t>::max(), 1), std::numeric_limits<int32_t>::max());
  EXPECT_EQ(run(Kind::mul, std::numeric_limits<int32_t>::min(), 5), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(run(Kind::mul, int64_t{3} << 40, int64_t{5}), int64_t{15} << 40);
  EXPECT_EQ(run(Kind::add, kMin, int64_t{-1}), kMin);
  EXPECT_EQ(run(Kind::sub, kMax, int64_t{-1}), kMax);
  EXPECT_EQ(run(Kind::mul, kMax, int64_t{-2}), kMin);
  EXPECT_EQ(run(Kind::mul, kMin, kMin), kMax);
  EXPECT_EQ(run(Kind::add, int64_t{9}, int64_t{9}, Activation::relu6), 6);
}

TEST(Elementwise, EmptyOperandsGiveEmptyResults) {
  OneOp op(kAdd, AddAttributes{});
  op.input<float>(Shape::of({0, 3})).input<float>(Shape::of({1, 3})).result<float>();
  EXPECT_TRUE(op.run<float>("narrow", {{}, {1, 2, 3}}, 1).empty());
}

/// Clamps v, which is in units of the result without its zero point, as the runtimes that round bounds half away do.
template <class T>
T store(const Case<T>& c, int64_t v, bool bounds_to_even = false) {
  double lo = std::numeric_limits<T>::min(), hi = std::numeric_limits<T>::max();
  Interval const real = *fused_interval(c.activation);
  auto bound = [&](float f) {
    float const scaled = f / c.qo.scale();
    float const zero = static_cast<float>(c.qo.zero_point());
    double const q = bounds_to_even ? std::nearbyint(scaled + zero) : std::round(scaled) + zero;
    return std::min(std::max(q, static_cast<double>(std::numeric_limits<T>::min())),
                    static_cast<double>(std::numeric_limits<T>::max()));
  };
  if (std::isfinite(real.lo)) lo = bound(real.lo);
  if (std::isfinite(real.hi)) hi = bound(real.hi);
  return static_cast<T>(std::min(std::max(static_cast<double>(v + c.qo.zero_point()), lo), hi));
}

template <class T>
struct Sum {
  int sign;
  const Case<T>& c;
  int left = sizeof(T) == 1 ? 20 : 15;
  FixedFactor fa{0}, fb{0}, fo{0};

  Sum(int sign_, const Case<T>& c_) : sign(sign_), c(c_) {
    float const a = c.qa.scale(), b = c.qb.scale(), o = c.qo.scale();
    double const twice = 2 * std::max<double>(a, b);
    fa = FixedFactor(a / twice), fb = FixedFactor(b / twice), fo = FixedFactor(twice / ((1 << left) * double{o}));
  }
  int64_t fixed(int64_t x, int64_t y) const { return fo.times(fa.times(x << left) + sign * fb.times(y << left)); }
  /// The vector part of the optimized kernel: shift first, cutting, then one rounded high product.
  int64_t optimized(int64_t x, int64_t y, int64_t at, int64_t n) const {
    if (at >= n - n % 16) return fixed(x, y);
    auto part = [&](int64_t v, const FixedFactor& f) {
      int const shift = left + f.exponent;
      return nearest_ties_up((shift >= 0 ? v << shift : floor_div_pow2(v, -shift)) * f.value, 31);
    };
    return nearest_ties_away(nearest_ties_up((part(x, fa) + sign * part(y, fb)) * fo.value, 31), -fo.exponent);
  }
};

bool in_reach(float scale, float out) {
  return scale / out >= 0.0009765625f && scale / out < 256.0f;
}

template <class T>
std::vector<T> expected_sum(Kind k, const Case<T>& c, const Shape& out, const std::string& profile_name) {
  int const sign = k == Kind::add ? 1 : -1;
  bool const by_default = profile_name == "xnnpack";
  Sum<T> const sum(sign, c);
  int64_t const za = c.qa.zero_point(), zb = c.qb.zero_point();
  float const ra = c.qa.scale() / c.qo.scale(), rb = c.qb.scale() / c.qo.scale();
  if (sizeof(T) == 1 && by_default && in_reach(c.qa.scale(), c.qo.scale()) && in_reach(c.qb.scale(), c.qo.scale())) {
    int const bits = 20 - static_cast<int>(std::floor(std::log2(std::max(ra, rb))));
    auto const ma = static_cast<int64_t>(std::nearbyint(ra * std::exp2(bits)));
    auto const mb = static_cast<int64_t>(std::nearbyint(rb * std::exp2(bits)));
    return c.expect(out, [&](T a, T b, int64_t, int64_t) {
      return store(c, nearest_ties_up((a - za) * ma + sign * (b - zb) * mb, bits), true);
    });
  }
  // Shapes that differ in leading ones only count as the same.
  bool const same = c.shapes.a.elements() == out.elements() && c.shapes.b.elements() == out.elements();
  bool const optimized = by_default && k == Kind::add && same;
  return c.expect(out, [&](T a, T b, int64_t i, int64_t n) {
    int64_t const x = a - za, y = b - zb;
    if (!optimized) return store(c, sum.fixed(x, y));
    int64_t const v = sum.optimized(x, y, i, n);
    if (sizeof(T) == 1 && i < n - n % 16)  // 16-bit lanes wrap
      return store(c, static_cast<int16_t>(static_cast<int16_t>(v) + c.qo.zero_point()) - c.qo.zero_point());
    return store(c, v);
  });
}

template <class T>
std::vector<T> expected_product(const Case<T>& c, const Shape& out, const std::string& profile_name) {
  float const a = c.qa.scale(), b = c.qb.scale(), o = c.qo.scale();
  bool const tflm = profile_name == "tflm" || profile_name == "narrow";
  int64_t const za = c.qa.zero_point(), zb = c.qb.zero_point();
  float const ratio = a * b / o;
  if (sizeof(T) == 1 && profile_name == "xnnpack" && ratio >= 0x1p-16f && ratio < 256)
    return c.expect(out, [&](T x, T y, int64_t, int64_t) {
      float const product = static_cast<float>((x - za) * (y - zb)) * ratio;
      return store(c, static_cast<int64_t>(std::nearbyint(product)), true);
    });
  FixedFactor const f(tflm ? double{a} * double{b} / double{o} : double{ratio});
  return c.expect(out, [&](T x, T y, int64_t, int64_t) { return store(c, f.times((x - za) * (y - zb))); });
}

template <class T>
Case<T> random_quantized(Kind k, Random& r) {
  Case<T> c{.shapes = random_shapes(r), .activation = static_cast<Activation>(r.between(0, 3))};
  if (r.chance(0.05)) c.shapes = {Shape::of({1, 7, 211}), Shape::of({1, 7, 211})};
  bool const wide = r.chance(0.2);
  float const a = r.scale(wide ? -14 : -6, wide ? 4 : 0), b = r.scale(wide ? -14 : -6, wide ? 4 : 0);
  float out = r.scale(-8, 4);
  if (k == Kind::mul)
    out = a * b * static_cast<float>(std::exp2(r.real(sizeof(T) == 1 ? 2 : 8, sizeof(T) == 1 ? 10 : 17)));
  else if (r.chance(0.8))
    out = std::max(a, b) * static_cast<float>(std::exp2(r.real(-1, 1.5)));
  auto zero = [&]() -> int64_t { return sizeof(T) == 1 ? r.between(-128, 127) : 0; };
  c.qa = Quantization::of(a, zero());
  c.qb = Quantization::of(b, zero());
  c.qo = Quantization::of(out, zero());
  c.batch = static_cast<int>(r.between(1, 2));
  c.fill(r);
  return c;
}

template <class T>
void integers_equal_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  int refused = 0, compared = 0;
  for (int i = 0; i < 1200; ++i) {
    Kind const k = kKinds[i % 3];
    const char* const p = kProfiles[i / 3 % 4];
    SCOPED_TRACE(std::string(def_of(k).name) + " " + p + " case " + std::to_string(i));
    Case<T> const c = random_quantized<T>(k, r);
    OneOp const op = c.model(k);
    if (!op.refusal(p).empty()) {
      ++refused;
      continue;
    }
    ++compared;
    std::vector<T> const want =
        k == Kind::mul ? expected_product(c, op.output_shape(), p) : expected_sum(k, c, op.output_shape(), p);
    ASSERT_EQ(c.run(op, p), want);
    ASSERT_EQ(c.run(op, p, true), want);
  }
  EXPECT_LT(refused, compared / 10);
}

TEST(Elementwise, Int8EqualsTheDefinitionUnderEveryProfile) {
  integers_equal_the_definition<int8_t>();
}
TEST(Elementwise, Int16EqualsTheDefinitionUnderEveryProfile) {
  integers_equal_the_definition<int16_t>();
}

TEST(Elementwise, KnownValues) {
  Quantization const unit = Quantization::of(1.0f, 0), half = Quantization::of(0.5f, 3);
  auto run = [&](const OpDef& def, Attributes attributes, const Quantization& qo) {
    return OneOp(def, std::move(attributes))
        .input<int8_t>(Shape::of({4}), unit)
        .constant<int8_t>(Shape::of({1}), {23}, half)  // 10
        .result<int8_t>(qo)
        .run<int8_t>("narrow", {{0, 5, -20, 127}});
  };
  EXPECT_EQ(run(kAdd, AddAttributes{}, unit), (std::vector<int8_t>{10, 15, -10, 127}));
  EXPECT_EQ(run(kAdd, AddAttributes{.activation = Activation::relu}, unit), (std::vector<int8_t>{10, 15, 0, 127}));
  EXPECT_EQ(run(kSub, SubAttributes{}, Quantization::of(2.0f, 1)), (std::vector<int8_t>{-4, -2, -14, 60}));
  EXPECT_EQ(run(kMul, MulAttributes{}, Quantization::of(10.0f, -1)), (std::vector<int8_t>{-1, 4, -21, 126}));
}

std::string refusal(const OpDef& def, const Quantization& a, const Quantization& b, const Quantization& o,
                    const char* profile_name, const Shape& b_shape = Shape::of({2, 3})) {
  Attributes const attributes = &def == &kMul ? Attributes(MulAttributes{}) : Attributes(AddAttributes{});
  return OneOp(def, attributes)
      .input<int8_t>(Shape::of({2, 3}), a)
      .input<int8_t>(b_shape, b)
      .result<int8_t>(o)
      .refusal(profile_name);
}

TEST(Elementwise, RefusesWhatNoRuntimeComputes) {
  Quantization const one = Quantization::of(1.0f, 0), tiny = Quantization::of(1e-9f, 0);
  EXPECT_NE(refusal(kAdd, one, one, tiny, "narrow").find("too small"), std::string::npos);
  EXPECT_NE(refusal(kMul, one, one, tiny, "tflm").find("too small"), std::string::npos);
  EXPECT_NE(refusal(kAdd, one, {}, one, "narrow").find("without a scale"), std::string::npos);
  EXPECT_NE(refusal(kAdd, one, {{1.0f, 2.0f}, {0, 0}, 0}, one, "narrow").find("2 scales"), std::string::npos);
  Quantization const small = Quantization::of(1e-5f, 0);
  EXPECT_EQ(refusal(kAdd, one, small, one, "xnnpack"), "");
  EXPECT_EQ(refusal(kAdd, one, small, one, "xnnpack", Shape::of({3})), "");
  EXPECT_NE(refusal(kAdd, one, small, one, "xnnpack", Shape::of({2, 1})).find("not known"), std::string::npos);
  EXPECT_EQ(refusal(kAdd, one, small, one, "litert", Shape::of({2, 1})), "");
}

/// Whether a sum of operands with scales `largest` and 1 and a result with scale 1 is refused.
template <class T>
bool sum_is_refused(Kind k, float largest) {
  Quantization const one = Quantization::of(1.0f, 0);
  OneOp op(def_of(k), attributes_of(k, Activation::none));
  op.input<T>(Shape::of({2}), Quantization::of(largest, 0)).template input<T>(Shape::of({2}), one);
  return !op.template result<T>(one).refusal("tflm").empty();
}

TEST(Elementwise, SumsAreRefusedFromAMultiplierOfOneOn) {
  for (Kind k : {Kind::add, Kind::sub}) {
    EXPECT_TRUE(sum_is_refused<int8_t>(k, 0x1p19f));
    EXPECT_FALSE(sum_is_refused<int8_t>(k, 0x1.fffffep18f));
    EXPECT_TRUE(sum_is_refused<int16_t>(k, 0x1p14f));
    EXPECT_FALSE(sum_is_refused<int16_t>(k, 0x1.fffffep13f));
  }
}

TEST(Elementwise, ScalesInReachOfTheDelegateEndWhereItsDo) {
  Quantization const one = Quantization::of(1.0f, 0);
  auto in_reach = [&](float scale) {
    return refusal(kAdd, one, Quantization::of(scale, 0), one, "xnnpack", Shape::of({2, 1})).empty();
  };
  EXPECT_TRUE(in_reach(0x1p-10f));
  EXPECT_FALSE(in_reach(std::nextafter(0x1p-10f, 0.0f)));
  EXPECT_TRUE(in_reach(std::nextafter(256.0f, 0.0f)));
  EXPECT_FALSE(in_reach(256));
}

TEST(Elementwise, RefusesMixedTypesAndTheOld16BitForm) {
  auto mixed = OneOp(kAdd, AddAttributes{}).input<float>(Shape::of({3})).input<int32_t>(Shape::of({3}));
  EXPECT_NE(mixed.result<float>().refusal("narrow").find("operands of float32 and int32"), std::string::npos);
  Quantization const pot = Quantization::of(0.25f, 0);
  auto old = OneOp(kAdd, AddAttributes{.pot_scale_int16 = true}).input<int16_t>(Shape::of({3}), pot);
  old.input<int16_t>(Shape::of({3}), pot).result<int16_t>(pot);
  EXPECT_EQ(old.refusal("tflm"), "");
  EXPECT_NE(old.refusal("litert").find("power-of-two"), std::string::npos);
}

TEST(Elementwise, ShapesThatDoNotBroadcastAreBadFiles) {
  auto op = OneOp(kMul, MulAttributes{}).input<float>(Shape::of({2, 3})).input<float>(Shape::of({2}));
  auto shapes = op.infer();
  ASSERT_FALSE(shapes.has_value());
  EXPECT_EQ(shapes.error().kind, ErrorKind::bad_file);
}

TEST(Elementwise, RulesOfTheOps) {
  for (const OpDef* def : {&kAdd, &kSub, &kMul}) {
    EXPECT_EQ(find_op(def->name), def);
    EXPECT_EQ(def->quant.role(1), Role::activation);
    EXPECT_EQ(def->quant.output(8), ScaleRule::free);
  }
}

}  // namespace
}  // namespace narrow
