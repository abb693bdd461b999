// Convolutions of volumes against their definition in double.
#include "one_op.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

/// A convolution from the longer side (N, D, H, W) to the shorter; a transposed one goes the other way.
struct Volume {
  Conv3dAttributes a;
  std::array<int, 3> window{}, longer{}, shorter{}, pad{};
  int batches = 1, in = 1, out = 1;
  bool transposed = false, with_bias = false;

  static Volume random(Random& r, bool transposed) {
    auto pick = [&](int lo, int hi) { return static_cast<int>(r.between(lo, hi)); };
    Volume v;
    v.transposed = transposed;
    v.a = {.padding = r.chance(0.5) ? Padding::same : Padding::valid,
           .stride_d = pick(1, 3),
           .stride_h = pick(1, 3),
           .stride_w = pick(1, 3),
           .dilation_d = pick(1, 2),
           .dilation_h = pick(1, 2),
           .dilation_w = pick(1, 2),
           .activation = r.chance(0.3) ? Activation::relu : Activation::none};
    v.batches = pick(1, 2), v.in = pick(1, 4), v.out = pick(1, 4);
    v.with_bias = r.chance(0.5);
    for (size_t i = 0; i < 3; ++i) {
      v.window[i] = pick(1, 3);
      int const reach = (v.window[i] - 1) * v.dilation(i) + 1;
      v.longer[i] = (v.a.padding == Padding::same ? 1 : reach) + pick(0, 3);
      v.shorter[i] = v.a.padding == Padding::same ? (v.longer[i] + v.stride(i) - 1) / v.stride(i)
                                                  : (v.longer[i] - reach) / v.stride(i) + 1;
      v.pad[i] =
          v.a.padding == Padding::same ? std::max((v.shorter[i] - 1) * v.stride(i) + reach - v.longer[i], 0) / 2 : 0;
    }
    return v;
  }
  int stride(size_t i) const { return std::array{a.stride_d, a.stride_h, a.stride_w}[i]; }
  int dilation(size_t i) const { return std::array{a.dilation_d, a.dilation_h, a.dilation_w}[i]; }
  const std::array<int, 3>& from() const { return transposed ? shorter : longer; }
  const std::array<int, 3>& to() const { return transposed ? longer : shorter; }
  Shape data() const { return Shape::of({batches, from()[0], from()[1], from()[2], in}); }
  Shape result() const { return Shape::of({batches, to()[0], to()[1], to()[2], out}); }
  Shape filter() const {
    return Shape::of({window[0], window[1], window[2], transposed ? out : in, transposed ? in : out});
  }

  OneOp op(const std::vector<float>& w, const std::vector<float>& bias) const {
    OneOp op(transposed ? kConv3dTranspose : kConv3d, a);
    if (transposed) {
      auto const dims = result();
      op.constant<int32_t>(Shape::of({5}), {dims.dims().begin(), dims.dims().end()});
      op.constant<float>(filter(), w).input<float>(data());
    } else {
      op.input<float>(data()).constant<float>(filter(), w);
    }
    if (with_bias) op.constant<float>(Shape::of({out}), bias);
    return std::move(op.result<float>());
  }

  /// Every pair of a place on the longer side and a position on the shorter one that an element of the filter connects.
  std::vector<double> compute(const std::vector<float>& x, const std::vector<float>& w,
                              const std::vector<float>& bias) const {
    std::vector<double> y(static_cast<size_t>(result().elements()));
    for (size_t i = 0; i < y.size(); ++i) y[i] = with_bias ? bias[i % static_cast<size_t>(out)] : 0;
    auto place = [](const std::array<int, 3>& size, int b, const std::array<int, 3>& at, int channels, int c) {
      return static_cast<size_t>((((b * size[0] + at[0]) * size[1] + at[1]) * size[2] + at[2]) * channels + c);
    };
    std::array<int, 3> p{}, f{}, q{};
    for (int b = 0; b < batches; ++b)
      for (p[0] = 0; p[0] < shorter[0]; ++p[0])
        for (p[1] = 0; p[1] < shorter[1]; ++p[1])
          for (p[2] = 0; p[2] < shorter[2]; ++p[2])
            for (f[0] = 0; f[0] < window[0]; ++f[0])
              for (f[1] = 0; f[1] < window[1]; ++f[1])
                for (f[2] = 0; f[2] < window[2]; ++f[2]) {
                  bool inside = true;
                  for (size_t i = 0; i < 3; ++i) {
                    q[i] = p[i] * stride(i) + f[i] * dilation(i) - pad[i];
                    inside = inside && q[i] >= 0 && q[i] < longer[i];
                  }
                  for (int i = 0; inside && i < in; ++i)
                    for (int o = 0; o < out; ++o)
                      y[place(to(), b, transposed ? q : p, out, o)] +=
                          double{x[place(from(), b, transposed ? p : q, in, i)]} *
                          w[place(window, 0, f, in * out, transposed ? o * in + i : i * out + o)];
                }
    for (double& v : y) v = a.activation == Activation::relu ? std::max(v, 0.0) : v;
    return y;
  }
};

std::vector<float> values(Random& r, int64_t n) {
  std::vector<float> out;
  for (int64_t i = 0; i < n; ++i) out.push_back(static_cast<float>(r.real(-1, 1)));
  return out;
}

TEST(Conv3d, IsItsDefinition) {
  Random r;
  for (int i = 0; i < 80; ++i) {
    Volume const v = Volume::random(r, i % 2 == 1);
    SCOPED_TRACE(std::to_string(i) + (v.transposed ? ", transposed" : ""));
    auto const w = values(r, v.filter().elements()), bias = values(r, v.out), x = values(r, v.data().elements());
    OneOp const op = v.op(w, bias);
    ASSERT_EQ(op.output_shape(), v.result());
    auto const y = op.run<float>("narrow", {x});
    auto const wanted = v.compute(x, w, bias);
    ASSERT_EQ(y.size(), wanted.size());
    for (size_t k = 0; k < y.size(); ++k) ASSERT_NEAR(y[k], wanted[k], 1e-5) << "element " << k;
  }
}

std::string refusal(OneOp& op) {
  auto const shapes = op.infer();
  return shapes ? "" : shapes.error().what;
}

TEST(Conv3d, OperandsThatDoNotFitAreRefused) {
  Shape const data = Shape::of({1, 4, 4, 4, 2}), filter = Shape::of({2, 2, 2, 2, 3});
  auto conv = [&](const Shape& x, const Shape& w, const Conv3dAttributes& a = {}) {
    OneOp op(kConv3d, a);
    return refusal(op.input<float>(x).input<float>(w));
  };
  EXPECT_EQ(conv(data, filter), "");
  EXPECT_NE(conv(Shape::of({1, 4, 4, 2}), filter), "");
  EXPECT_NE(conv(data, Shape::of({2, 2, 2, 3})), "");
  EXPECT_NE(conv(Shape::of({1, 4, 4, 4, 3}), filter), "");
  EXPECT_NE(conv(data, filter, {.stride_d = 0}), "");
  EXPECT_NE(conv(data, Shape::of({5, 2, 2, 2, 3}), {.padding = Padding::valid}), "");
  OneOp bias(kConv3d, Conv3dAttributes{});
  EXPECT_NE(refusal(bias.input<float>(data).input<float>(filter).input<float>(Shape::of({2}))), "");
  auto transposed = [&](const std::vector<int32_t>& shape, const Shape& w) {
    OneOp op(kConv3dTranspose, Conv3dAttributes{.stride_d = 2});
    op.constant<int32_t>(Shape::of({static_cast<int32_t>(shape.size())}), shape);
    return refusal(op.input<float>(w).input<float>(data));
  };
  Shape const back = Shape::of({2, 2, 2, 3, 2});
  EXPECT_EQ(transposed({1, 7, 4, 4, 3}, back), "");
  EXPECT_EQ(transposed({1, 8, 4, 4, 3}, back), "");
  EXPECT_NE(transposed({1, 9, 4, 4, 3}, back), "");
  EXPECT_NE(transposed({1, 8, 4, 3}, back), "");
  EXPECT_NE(transposed({2, 8, 4, 4, 3}, back), "");
  EXPECT_NE(transposed({1, 8, 4, 4, 2}, back), "");
  EXPECT_NE(transposed({1, 8, 4, 4, 3}, Shape::of({2, 2, 2, 3, 1})), "");
}

TEST(Conv3d, IntegersAreNotComputed) {
  OneOp op(kConv3d, Conv3dAttributes{});
  op.input<int8_t>(Shape::of({1, 2, 2, 2, 1}), Quantization::of(0.1f, 0));
  op.constant<int8_t>(Shape::of({1, 1, 1, 1, 1}), {3}, Quantization::of(0.1f, 0));
  EXPECT_NE(op.result<int8_t>(Quantization::of(0.1f, 0)).refusal("narrow"), "");
}

}  // namespace
}  // namespace narrow
