// Convolutions that are cut into bands of result rows: what a pixel comes to must not depend on its band.
#include "one_op.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

struct Layer {
  int in_h, in_w, in_c, out_c, filter_h, filter_w, stride, dilation;
  Padding padding;
  bool depthwise;
};

// Not inlined: GCC 12 sees a misplaced pointer that is not there.
[[gnu::noinline]] void add_weights(OneOp& op, const Shape& shape, const std::vector<float>& values) {
  op.constant(shape, values);
}

OneOp make(const Layer& l, Random& random) {
  OneOp op = l.depthwise ? OneOp(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = l.padding,
                                                                             .stride_h = l.stride,
                                                                             .stride_w = l.stride,
                                                                             .dilation_h = l.dilation,
                                                                             .dilation_w = l.dilation})
                         : OneOp(kConv2d, Conv2dAttributes{.padding = l.padding,
                                                           .stride_h = l.stride,
                                                           .stride_w = l.stride,
                                                           .dilation_h = l.dilation,
                                                           .dilation_w = l.dilation});
  Shape const filter = l.depthwise ? Shape::of({1, l.filter_h, l.filter_w, l.out_c})
                                   : Shape::of({l.out_c, l.filter_h, l.filter_w, l.in_c});
  op.input<float>(Shape::of({1, l.in_h, l.in_w, l.in_c}));
  add_weights(op, filter, random.values<float>(filter.elements()));
  op.result<float>();
  return op;
}

Window window(int in, int filter, const Layer& l) {
  return *slide(in, filter, l.stride, l.dilation, l.padding);
}

/// Rows [first, first + rows) of the results, from an image of just the data under them, padding as zeros in it.
std::vector<float> piece(const Layer& l, const std::vector<float>& x, int first, int rows, unsigned seed) {
  Window const h = window(l.in_h, l.filter_h, l), w = window(l.in_w, l.filter_w, l);
  Layer small = l;
  small.padding = Padding::valid;
  small.in_h = (rows - 1) * l.stride + (l.filter_h - 1) * l.dilation + 1;
  small.in_w = (w.out - 1) * l.stride + (l.filter_w - 1) * l.dilation + 1;
  std::vector<std::vector<float>> inputs(1);
  std::vector<float>& data = inputs[0];
  data.resize(static_cast<size_t>(small.in_h) * static_cast<size_t>(small.in_w * l.in_c));
  for (int r = 0; r < small.in_h; ++r)
    for (int c = 0; c < small.in_w; ++c) {
      int const from_r = first * l.stride - h.pad_before + r, from_c = c - w.pad_before;
      if (from_r < 0 || from_r >= l.in_h || from_c < 0 || from_c >= l.in_w) continue;
      std::copy_n(x.begin() + (int64_t{from_r} * l.in_w + from_c) * l.in_c, l.in_c,
                  data.begin() + (int64_t{r} * small.in_w + c) * l.in_c);
    }
  Random same(seed);
  return make(small, same).run<float>("narrow", inputs);
}

TEST(LibraryConv, BandsDoNotShow) {
  constexpr Layer kLayers[] = {
      {700, 64, 3, 5, 3, 3, 1, 1, Padding::same, false}, {701, 130, 2, 4, 5, 3, 2, 1, Padding::same, false},
      {640, 70, 2, 3, 3, 4, 1, 3, Padding::same, false}, {650, 80, 4, 3, 4, 3, 1, 1, Padding::valid, false},
      {720, 64, 6, 6, 3, 3, 1, 1, Padding::same, true},  {901, 150, 4, 8, 5, 5, 2, 1, Padding::same, true},
      {40, 8000, 1, 2, 9, 5, 1, 1, Padding::same, false}};
  for (const Layer& l : kLayers) {
    Random random;
    SCOPED_TRACE(random.text());
    OneOp const op = make(l, random);
    ASSERT_GT(op.output_shape()[1] * op.output_shape()[2] * l.filter_h * l.filter_w, 1 << 17);
    std::vector<std::vector<float>> inputs(1);
    inputs[0] = random.values<float>(int64_t{2} * l.in_h * l.in_w * l.in_c);
    auto const y = op.run<float>("narrow", inputs, 2);
    int const rows = op.output_shape()[1];
    int64_t const row = int64_t{op.output_shape()[2]} * l.out_c;
    for (int image = 0; image < 2; ++image)
      for (int first = 0; first < rows; first += 7) {
        int const n = std::min(7, rows - first);
        auto const at = inputs[0].begin() + int64_t{image} * l.in_h * l.in_w * l.in_c;
        auto const want = piece(l, {at, at + int64_t{l.in_h} * l.in_w * l.in_c}, first, n, random.seed());
        ASSERT_EQ(want.size(), static_cast<size_t>(n * row));
        ASSERT_EQ(std::memcmp(want.data(), y.data() + (image * rows + first) * row, want.size() * sizeof(float)), 0)
            << l.in_h << " x " << l.in_w << ", image " << image << ", row " << first;
      }
  }
}

}  // namespace
}  // namespace narrow
