#include <gmock/gmock.h>

#include <cmath>

#include "one_op.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

using testing::HasSubstr;

enum class Mode { legacy, corners, half_pixels };

struct Case {
  Shape in{};
  int32_t out_h = 1, out_w = 1;
  Mode mode = Mode::legacy;
  int batch = 1;
};

Case random_case(Random& r) {
  auto n = [&](int64_t lo, int64_t hi) { return static_cast<int32_t>(r.between(lo, hi)); };
  Case c;
  c.in = Shape::of({n(1, 2), n(1, 12), n(1, 12), n(1, 19)});
  c.out_h = r.chance(0.5) ? n(1, 30) : c.in[1] * n(1, 3);
  c.out_w = r.chance(0.5) ? n(1, 30) : c.in[2] * n(1, 3);
  c.mode = static_cast<Mode>(n(0, 2));
  c.batch = n(1, 3);
  return c;
}

template <class A>
A attributes_of(const Case& c) {
  return {c.mode == Mode::corners, c.mode == Mode::half_pixels};
}

/// The op with its size; data and result have the same quantization.
template <class T, class A>
OneOp op_of(const OpDef& def, const Case& c, const A& attributes, const Quantization& q = {}) {
  OneOp op(def, attributes);
  op.input<T>(c.in, q).template constant<int32_t>(Shape::of({2}), {c.out_h, c.out_w}).template result<T>(q);
  return op;
}

/// f(the four neighbours by row and column offset 0 or 1, row, column) of each element of the result. `lower` and
/// `upper` are lists of the neighbours along each axis.
struct Neighbours {
  std::vector<int32_t> lower, upper;
  std::vector<double> part;  // distance from the lower one
};

template <class T, class F>
std::vector<T> expect(const Case& c, const std::vector<T>& x, const Neighbours& v, const Neighbours& h, F f) {
  std::vector<T> y;
  for (int32_t n = 0; n < c.batch * c.in[0]; ++n)
    for (size_t i = 0; i < v.lower.size(); ++i)
      for (size_t j = 0; j < h.lower.size(); ++j)
        for (int32_t ch = 0; ch < c.in[3]; ++ch) {
          auto at = [&](int32_t row, int32_t column) {
            return x[static_cast<size_t>(((n * c.in[1] + row) * c.in[2] + column) * c.in[3] + ch)];
          };
          y.push_back(f(at(v.lower[i], h.lower[j]), at(v.lower[i], h.upper[j]), at(v.upper[i], h.lower[j]),
                        at(v.upper[i], h.upper[j]), v.part[i], h.part[j]));
        }
  return y;
}

/// Where element i of the result lies, in elements of the data.
double position(int32_t in, int32_t out, Mode mode, int32_t i) {
  if (mode == Mode::half_pixels) return (i + 0.5) * in / out - 0.5;
  if (mode == Mode::corners && out > 1) return static_cast<double>(i) * (in - 1) / (out - 1);
  return static_cast<double>(i) * in / out;
}

Neighbours real_neighbours(int32_t in, int32_t out, Mode mode) {
  Neighbours n;
  for (int32_t i = 0; i < out; ++i) {
    double const at = std::min(std::max(position(in, out, mode, i), 0.0), in - 1.0);
    n.lower.push_back(static_cast<int32_t>(at));
    n.upper.push_back(std::min(n.lower.back() + 1, in - 1));
    n.part.push_back(at - n.lower.back());
  }
  return n;
}

double blend(double tl, double tr, double bl, double br, double v, double h) {
  return (tl * (1 - h) + tr * h) * (1 - v) + (bl * (1 - h) + br * h) * v;
}

TEST(ResizeBilinear, FloatsEqualTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    Case const c = random_case(r);
    auto const x = r.values<float>(c.in.elements() * c.batch);
    auto const y =
        op_of<float>(kResizeBilinear, c, attributes_of<ResizeBilinearAttributes>(c)).run<float>("narrow", {x}, c.batch);
    auto const want = expect(c, x, real_neighbours(c.in[1], c.out_h, c.mode), real_neighbours(c.in[2], c.out_w, c.mode),
                             [](double tl, double tr, double bl, double br, double v, double h) {
                               return static_cast<float>(blend(tl, tr, bl, br, v, h));
                             });
    ASSERT_EQ(y.size(), want.size());
    for (size_t k = 0; k < y.size(); ++k) ASSERT_NEAR(y[k], want[k], 1e-4);
  }
}

/// Positions in 1/1024: the step is rounded, not each position. Left of element 0 both neighbours are element 0.
Neighbours fixed_neighbours(int32_t in, int32_t out, Mode mode) {
  int64_t const span = mode == Mode::corners && out > 1 ? in - 1 : in;
  int64_t const steps = mode == Mode::corners && out > 1 ? out - 1 : out;
  int64_t const step = (2 * 1024 * span + steps) / (2 * steps);  // floor(1024 span / steps + 1/2)
  int64_t const first = mode == Mode::half_pixels ? step / 2 - 512 : 0;
  Neighbours n;
  for (int32_t i = 0; i < out; ++i) {
    int64_t const at = first + i * step;
    int64_t const lower = std::min<int64_t>(std::max<int64_t>(at, 0) / 1024, in - 1);
    int64_t const upper = std::min<int64_t>((std::max<int64_t>(at, 0) + 1023) / 1024, in - 1);
    n.lower.push_back(static_cast<int32_t>(lower));
    n.upper.push_back(static_cast<int32_t>(upper));
    n.part.push_back(static_cast<double>(at - 1024 * lower) / 1024);  // exact
  }
  return n;
}

template <class T>
void fixed_point_equals_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  Quantization const q = Quantization::of(0.1f, sizeof(T) == 1 ? 5 : 0);
  for (int i = 0; i < 300; ++i) {
    Case const c = random_case(r);
    auto const x = r.values<T>(c.in.elements() * c.batch);
    auto const op = op_of<T>(kResizeBilinear, c, attributes_of<ResizeBilinearAttributes>(c), q);
    auto const want =
        expect(c, x, fixed_neighbours(c.in[1], c.out_h, c.mode), fixed_neighbours(c.in[2], c.out_w, c.mode),
               [](double tl, double tr, double bl, double br, double v, double h) {
                 return static_cast<T>(std::round(blend(tl, tr, bl, br, v, h)));  // exact in double
               });
    for (bool const reference : {false, true}) {
      ASSERT_EQ(op.template run<T>("narrow", {x}, c.batch, reference), want);
      ASSERT_EQ(op.template run<T>("litert", {x}, c.batch, reference), want);
    }
    if constexpr (sizeof(T) == 1) {
      ASSERT_EQ(op.template run<T>("tflm", {x}, c.batch), want);
    } else {
      ASSERT_EQ(op.template run<T>("xnnpack", {x}, c.batch), want);
      ASSERT_THAT(op.refusal("tflm"), HasSubstr("int16"));
    }
  }
}

TEST(ResizeBilinear, IntegersEqualTheDefinition) {
  fixed_point_equals_the_definition<int8_t>();
  fixed_point_equals_the_definition<int16_t>();
}

/// XNNPACK: positions in float32, distances in 1/2048.
Neighbours delegate_neighbours(int32_t in, int32_t out, Mode mode) {
  float const step = mode == Mode::corners && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                                                      : static_cast<float>(in) / static_cast<float>(out);
  Neighbours n;
  for (int32_t i = 0; i < out; ++i) {
    float at = static_cast<float>(i) * step;
    if (mode == Mode::half_pixels) {
      at += 0.5f * step - 0.5f;
      at = std::min(std::max(at, 0.0f), static_cast<float>(in - 1));
    }
    float const lower = std::floor(at);
    n.lower.push_back(static_cast<int32_t>(lower));
    n.upper.push_back(std::min(n.lower.back() + 1, in - 1));
    n.part.push_back(std::nearbyint(2048 * static_cast<double>(at - lower)) / 2048);
  }
  return n;
}

TEST(ResizeBilinear, Int8OfTheDelegateEqualsTheDefinition) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 300; ++i) {
    Case const c = random_case(r);
    auto const x = r.values<int8_t>(c.in.elements() * c.batch);
    auto const op =
        op_of<int8_t>(kResizeBilinear, c, attributes_of<ResizeBilinearAttributes>(c), Quantization::of(1, 0));
    auto const want =
        expect(c, x, delegate_neighbours(c.in[1], c.out_h, c.mode), delegate_neighbours(c.in[2], c.out_w, c.mode),
               [](double tl, double tr, double bl, double br, double v, double h) {
                 return static_cast<int8_t>(std::floor(blend(tl, tr, bl, br, v, h) + 0.5));
               });
    for (bool const reference : {false, true}) ASSERT_EQ(op.run<int8_t>("xnnpack", {x}, c.batch, reference), want);
  }
}

/// Sources in whole numbers: floor or, with corners aligned, round half up. The runtimes' float32 may miss what is a
/// whole number or a tie; such elements are left out by an index of -1.
std::vector<int32_t> nearest(int32_t in, int32_t out, Mode mode) {
  std::vector<int32_t> sources;
  int64_t const span = mode == Mode::corners && out > 1 ? in - 1 : in;
  int64_t const steps = mode == Mode::corners && out > 1 ? out - 1 : out;
  for (int64_t i = 0; i < out; ++i) {
    int64_t const halves = (mode == Mode::half_pixels ? 2 * i + 1 : 2 * i) * span + (mode == Mode::corners ? steps : 0);
    bool const exact = halves % (2 * steps) == 0 && (steps & (steps - 1)) != 0;
    sources.push_back(exact ? -1 : static_cast<int32_t>(std::min<int64_t>(halves / (2 * steps), in - 1)));
  }
  return sources;
}

template <class T>
void nearest_equals_the_definition() {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 200; ++i) {
    Case const c = random_case(r);
    auto const x = r.values<T>(c.in.elements() * c.batch);
    auto const rows = nearest(c.in[1], c.out_h, c.mode), columns = nearest(c.in[2], c.out_w, c.mode);
    for (const char* p : {"narrow", "tflm", "litert", "xnnpack"}) {
      auto const y =
          op_of<T>(kResizeNearestNeighbor, c, attributes_of<ResizeNearestNeighborAttributes>(c), Quantization::of(1, 0))
              .template run<T>(p, {x}, c.batch);
      size_t at = 0;
      for (int32_t n = 0; n < c.batch * c.in[0]; ++n)
        for (int32_t row : rows)
          for (int32_t column : columns)
            for (int32_t ch = 0; ch < c.in[3]; ++ch, ++at) {
              if (row < 0 || column < 0) continue;
              ASSERT_EQ(y[at], x[static_cast<size_t>(((n * c.in[1] + row) * c.in[2] + column) * c.in[3] + ch)]);
            }
    }
  }
}

TEST(ResizeNearestNeighbor, CopiesTheNearestElement) {
  nearest_equals_the_definition<int8_t>();
  nearest_equals_the_definition<int16_t>();
  nearest_equals_the_definition<float>();
}

TEST(Resize, RefusesWhatItCannotCompute) {
  Quantization const q = Quantization::of(1.0f, 0);
  ResizeBilinearAttributes const plain{};
  auto op = [&](const Shape& shape, const std::vector<int32_t>& size) {
    return OneOp(kResizeBilinear, plain)
        .input<int8_t>(shape, q)
        .constant<int32_t>(Shape::of({static_cast<int32_t>(size.size())}), size);
  };
  Shape const image = Shape::of({1, 2, 2, 1});
  EXPECT_EQ(op(Shape::of({2, 2}), {2, 2}).infer().error().kind, ErrorKind::bad_file);
  EXPECT_EQ(op(image, {2, 2, 2}).infer().error().kind, ErrorKind::bad_file);
  EXPECT_EQ(op(image, {2, 0}).infer().error().kind, ErrorKind::bad_file);
  EXPECT_EQ(op(image, {2, 65536}).infer().error().kind, ErrorKind::limit_exceeded);
  EXPECT_EQ(op(Shape::of({1, 0, 2, 1}), {2, 2}).infer().error().kind, ErrorKind::unsupported);
  auto computed = OneOp(kResizeBilinear, plain).input<int8_t>(image, q).input<int32_t>(Shape::of({2}));
  EXPECT_THAT(computed.infer().error().what, HasSubstr("computed"));
  EXPECT_THAT(op(image, {4, 4}).result<int8_t>(Quantization::of(2.0f, 0)).refusal("narrow"), HasSubstr("keeps them"));
  EXPECT_THAT(op(image, {3000, 4}).result<int8_t>(q).refusal("narrow"), HasSubstr("lies behind"));
  auto both = OneOp(kResizeBilinear, ResizeBilinearAttributes{true, true}).input<float>(image);
  both.constant<int32_t>(Shape::of({2}), {4, 4});
  EXPECT_THAT(both.result<float>().refusal("narrow"), HasSubstr("exclude each other"));
}

}  // namespace
}  // namespace narrow
