#include <cmath>

#include "one_op.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

struct Case {
  Shape in{};
  Pool2dAttributes attributes{};
  int batch = 1;
};

Case random_case(Random& r) {
  Case c;
  auto n = [&](int64_t lo, int64_t hi) { return static_cast<int32_t>(r.between(lo, hi)); };
  c.in = Shape::of({n(1, 2), n(1, 13), n(1, 13), r.chance(0.1) ? 300 : n(1, 40)});
  bool const same = r.chance(0.5);
  c.attributes.padding = same ? Padding::same : Padding::valid;
  c.attributes.filter_h = n(1, c.in[1] + (same ? 3 : 0));
  c.attributes.filter_w = n(1, c.in[2] + (same ? 3 : 0));
  c.attributes.stride_h = n(1, 4);
  c.attributes.stride_w = n(1, 4);
  c.attributes.activation = static_cast<Activation>(r.between(0, 3));
  c.batch = n(1, 3);
  return c;
}

/// First element of the window at position `at` of an axis, under the padding rule.
int64_t origin(const Pool2dAttributes& a, int64_t in, int64_t out, int64_t filter, int64_t stride, int64_t at) {
  int64_t const missing = std::max<int64_t>((out - 1) * stride + filter - in, 0);
  return at * stride - (a.padding == Padding::same ? missing / 2 : 0);
}

/// f(values of a window) for every window of every channel.
template <class T, class F>
std::vector<T> expect(const Case& c, const Shape& out, const std::vector<T>& x, F f) {
  std::vector<T> y;
  const Pool2dAttributes& a = c.attributes;
  for (int64_t n = 0; n < int64_t{c.batch} * c.in[0]; ++n)
    for (int64_t h = 0; h < out[1]; ++h)
      for (int64_t w = 0; w < out[2]; ++w)
        for (int64_t ch = 0; ch < c.in[3]; ++ch) {
          std::vector<T> window;
          int64_t const top = origin(a, c.in[1], out[1], a.filter_h, a.stride_h, h);
          int64_t const left = origin(a, c.in[2], out[2], a.filter_w, a.stride_w, w);
          for (int64_t i = top; i < top + a.filter_h; ++i)
            for (int64_t j = left; j < left + a.filter_w; ++j)
              if (i >= 0 && i < c.in[1] && j >= 0 && j < c.in[2])
                window.push_back(x[static_cast<size_t>(((n * c.in[1] + i) * c.in[2] + j) * c.in[3] + ch)]);
          y.push_back(f(window));
        }
  return y;
}

template <class T>
T largest(const std::vector<T>& v) {
  return *std::max_element(v.begin(), v.end());
}

template <class T>
int64_t rounded_average(const std::vector<T>& v) {
  int64_t sum = 0;
  for (T x : v) sum += x;
  auto const n = static_cast<int64_t>(v.size());
  int64_t const doubled = 2 * std::abs(sum) + n;  // |sum| / n + 1/2, in units of 1 / 2n
  return (sum < 0 ? -1 : 1) * (n % 2 ? (std::abs(sum) + n / 2) / n : doubled / (2 * n));
}

TEST(Pool2d, FloatsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    Case const c = random_case(r);
    Interval const bounds = *fused_interval(c.attributes.activation);
    bool const average = i % 2 != 0;
    OneOp op(average ? kAveragePool2d : kMaxPool2d, c.attributes);
    op.input<float>(c.in).result<float>();
    auto const x = r.values<float>(c.in.elements() * c.batch);
    EXPECT_EQ(op.run<float>("narrow", {x}, c.batch), expect(c, op.output_shape(), x, [&](const std::vector<float>& v) {
                float sum = 0;
                for (float f : v) sum += f;
                return bounds.clamp(average ? sum / static_cast<float>(v.size()) : largest(v));
              }));
  }
}

/// Bounds of a fused activation; XNNPACK rounds them half to even, zero point included.
template <class T>
std::pair<double, double> bounds_of(Activation activation, const Quantization& q, bool to_even) {
  double lo = std::numeric_limits<T>::min(), hi = std::numeric_limits<T>::max();
  Interval const real = *fused_interval(activation);
  auto bound = [&](float f) {
    float const zero = static_cast<float>(q.zero_point());
    double const v = to_even ? std::nearbyint(f / q.scale() + zero) : std::round(f / q.scale()) + zero;
    return std::min(std::max(v, lo), hi);
  };
  double const a = std::isfinite(real.lo) ? bound(real.lo) : lo, b = std::isfinite(real.hi) ? bound(real.hi) : hi;
  return {a, std::max(a, b)};
}

template <class T>
void integers_equal_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 400; ++i) {
    Case const c = random_case(r);
    bool const average = i % 2 != 0;
    const char* const p = i % 4 < 2 ? "narrow" : "xnnpack";
    SCOPED_TRACE(std::string(average ? "average " : "maximum ") + p + " case " + std::to_string(i));
    // Scales that put the bounds of activations on ties.
    float const scale = r.chance(0.5) ? r.scale(-12, 2) : 6.0f / (static_cast<float>(r.between(1, 120)) + 0.5f);
    Quantization const q = Quantization::of(scale, sizeof(T) == 1 ? r.between(-128, 127) : 0);
    OneOp op(average ? kAveragePool2d : kMaxPool2d, c.attributes);
    op.input<T>(c.in, q).template result<T>(q);
    auto const x = r.values<T>(c.in.elements() * c.batch);
    const Pool2dAttributes& a = c.attributes;
    bool const delegated = std::string(p) == "xnnpack" && sizeof(T) == 1 && !average && a.stride_h <= a.filter_h &&
                           a.stride_w <= a.filter_w;
    auto const [lo, hi] = bounds_of<T>(a.activation, q, delegated);
    auto const want = expect(c, op.output_shape(), x, [&, lo = lo, hi = hi](const std::vector<T>& v) {
      auto const value = static_cast<double>(average ? rounded_average(v) : largest(v));
      return static_cast<T>(std::min(std::max(value, lo), hi));
    });
    ASSERT_EQ(op.run<T>(p, {x}, c.batch), want);
    ASSERT_EQ(op.run<T>(p, {x}, c.batch, true), want);
  }
}

TEST(Pool2d, Int8EqualsTheDefinition) {
  integers_equal_the_definition<int8_t>();
}
TEST(Pool2d, Int16EqualsTheDefinition) {
  integers_equal_the_definition<int16_t>();
}

TEST(Pool2d, AveragesRoundAwayFromTheStoredZero) {
  Quantization const q = Quantization::of(1.0f, -100);
  OneOp op(kAveragePool2d, Pool2dAttributes{.padding = Padding::valid, .filter_w = 2});
  op.input<int8_t>(Shape::of({1, 1, 4, 1}), q).result<int8_t>(q);
  EXPECT_EQ(op.run<int8_t>("narrow", {{1, 2, -5, -6}}), (std::vector<int8_t>{2, -2, -6}));
}

TEST(Pool2d, RefusesWhatItCannotCompute) {
  Pool2dAttributes const a{.padding = Padding::valid, .filter_h = 2, .filter_w = 2};
  Quantization const q = Quantization::of(0.5f, 0);
  auto flat = OneOp(kMaxPool2d, a).input<float>(Shape::of({4, 4}));
  EXPECT_EQ(flat.infer().error().kind, ErrorKind::bad_file);
  auto small = OneOp(kMaxPool2d, a).input<float>(Shape::of({1, 1, 4, 1}));
  EXPECT_EQ(small.infer().error().kind, ErrorKind::bad_file);
  auto scales = OneOp(kMaxPool2d, a).input<int8_t>(Shape::of({1, 2, 2, 1}), q);
  EXPECT_NE(scales.result<int8_t>(Quantization::of(0.25f, 0)).refusal("narrow").find("rescale"), std::string::npos);
  auto types = OneOp(kMaxPool2d, a).input<int32_t>(Shape::of({1, 2, 2, 1}));
  EXPECT_NE(types.result<int32_t>().refusal("narrow").find("int32"), std::string::npos);
}

}  // namespace
}  // namespace narrow
