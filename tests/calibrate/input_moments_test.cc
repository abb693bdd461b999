#include "calibrate/input_moments.h"

#include <gtest/gtest.h>

#include "one_op.h"
#include "ops/layers/layers.h"

namespace narrow {
namespace {

/// Runs a float layer and adds up its sums from what `sum_inputs` says.
void expect_sums(const OneOp& op, Random& random) {
  OpView const view{op.model().main(), op.model().main().ops[0]};
  const OpDef& def = *view.op.def;
  auto const sums = def.sum_inputs(view);
  ASSERT_TRUE(sums.has_value()) << sums.error().what;
  const Tensor& weights = view.input(1);
  std::vector<float> const x = random.values<float>(view.input(0).elements());
  auto const y = op.run<float>("narrow", {x});
  auto const w = weights.values<float>();
  auto const channels = static_cast<int64_t>(weights.shape[def.quant.weight_axis]);
  ASSERT_EQ(static_cast<int64_t>(y.size()), sums->rows * channels);
  ASSERT_EQ(sums->columns() * channels, weights.elements());
  for (int64_t r = 0; r < sums->rows; ++r)
    for (int64_t c = 0; c < channels; ++c) {
      double sum = 0;
      int64_t const group = c / (channels / sums->groups);
      for (int64_t t = 0; t < sums->taps; ++t)
        for (int64_t j = 0; j < sums->run; ++j) {
          int32_t const first = sums->first[static_cast<size_t>(r * sums->taps + t)];
          if (first < 0) continue;
          int64_t const column = t * sums->run + j;
          int64_t const e = def.quant.weight_axis > 0 ? column * channels + c : c * sums->columns() + column;
          sum += static_cast<double>(x[static_cast<size_t>(first + group * sums->run + j)]) *
                 static_cast<double>(w[static_cast<size_t>(e)]);
        }
      ASSERT_NEAR(sum, static_cast<double>(y[static_cast<size_t>(r * channels + c)]), 1e-3) << r << " " << c;
    }
}

TEST(SumInputs, AreWhatLayersAddUp) {
  Random random;
  SCOPED_TRACE(random.text());
  for (int k = 0; k < 60; ++k) {
    auto const some = [&](int64_t lo, int64_t hi) { return static_cast<int32_t>(random.between(lo, hi)); };
    int32_t const groups = some(1, 3), each = some(1, 3), out = groups * some(1, 3), h = some(3, 7), w = some(3, 7);
    int32_t const fh = some(1, 3), fw = some(1, 3), stride = some(1, 2),
                  dilation = stride == 1 && h > 4 && w > 4 ? some(1, 2) : 1;
    Padding const padding = random.chance(0.5) ? Padding::same : Padding::valid;
    {
      Shape const shape = Shape::of({out, fh, fw, each});
      std::vector<float> const values = random.values<float>(shape.elements());
      OneOp op(kConv2d, Conv2dAttributes{padding, stride, stride, dilation, dilation});
      op.input<float>(Shape::of({1, h, w, groups * each})).constant<float>(shape, values).result<float>();
      expect_sums(op, random);
    }
    {
      Shape const shape = Shape::of({1, fh, fw, groups * each});
      std::vector<float> const values = random.values<float>(shape.elements());
      OneOp op(kDepthwiseConv2d, DepthwiseConv2dAttributes{padding, stride, stride, dilation, dilation, each});
      op.input<float>(Shape::of({1, h, w, groups})).constant<float>(shape, values).result<float>();
      expect_sums(op, random);
    }
    {
      Shape const shape = Shape::of({out, h * w});
      std::vector<float> const values = random.values<float>(shape.elements());
      OneOp op(kFullyConnected, FullyConnectedAttributes{});
      op.input<float>(Shape::of({groups, h * w})).constant<float>(shape, values).result<float>();
      expect_sums(op, random);
    }
  }
}

struct Sample {
  std::vector<int8_t> x;
  std::vector<float> f;
};

std::vector<Sample> random_samples(Random& random, int count, int64_t elements, const Quantization& q) {
  std::vector<Sample> out;
  for (int k = 0; k < count; ++k) {
    Sample s{random.values<int8_t>(elements), {}};
    for (int8_t v : s.x)
      s.f.push_back((static_cast<float>(v - q.zero_point()) + static_cast<float>(random.real(-0.5, 0.5))) * q.scale());
    out.push_back(std::move(s));
  }
  return out;
}

Tensor input_like(const Shape& shape, const Quantization& q) {
  Tensor t;
  t.dtype = DType::int8;
  t.shape = shape;
  t.quantization = q;
  return t;
}

void add(MomentCollector& to, const std::vector<Sample>& samples, size_t first, size_t last) {
  for (size_t k = first; k < last; ++k)
    to.add(static_cast<int64_t>(k), reinterpret_cast<const std::byte*>(samples[k].x.data()), samples[k].f.data());
}

TEST(InputMoments, AreThoseOfTheRowsAndMergeToTheBit) {
  Random random;
  SCOPED_TRACE(random.text());
  SumInputs sums{.rows = 6, .taps = 2, .run = 2, .groups = 2, .first = {}};
  for (int r = 0; r < 12; ++r) sums.first.push_back(r == 5 ? -1 : 4 * (r % 6));
  Quantization const q = Quantization::of(0.5F, -7);
  Tensor const input = input_like(Shape::of({1, 6, 4}), q);
  auto const samples = random_samples(random, 50, 24, q);
  MomentOptions const options{.cross = true};
  MomentCollector whole(sums, input, 50, options);
  add(whole, samples, 0, 50);
  MomentCollector left(sums, input, 50, options), right(sums, input, 50, options);
  add(right, samples, 17, 50);
  add(left, samples, 0, 17);
  right.merge(left);
  InputMoments const a = whole.take(), b = right.take();
  EXPECT_EQ(a.rows, 300);
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.float_mean, b.float_mean);
  EXPECT_EQ(a.second, b.second);
  EXPECT_EQ(a.cross, b.cross);

  // Group 1, columns 1 (tap 0, second element) and 2 (tap 1, first element).
  double mean = 0, second = 0;
  for (const Sample& s : samples)
    for (size_t r = 0; r < 6; ++r) {
      auto const value = [&](size_t tap, size_t at) {
        int32_t const first = sums.first[r * 2 + tap];
        return first < 0 ? 0.0 : static_cast<double>(s.x[static_cast<size_t>(first) + 2 + at] + 7);
      };
      mean += value(0, 1);
      second += value(0, 1) * value(1, 0);
    }
  EXPECT_NEAR(a.mean[4 + 1], mean / 300, 1e-9);
  EXPECT_NEAR(a.second[16 + 1 * 4 + 2], second / 300, 1e-9);
  EXPECT_EQ(a.second[16 + 1 * 4 + 2], a.second[16 + 2 * 4 + 1]);
}

TEST(InputMoments, BlocksAreMadeAsSmallAsTheMemoryAsks) {
  SumInputs const sums{.rows = 1, .taps = 1, .run = 12, .groups = 1, .first = {0}};
  Tensor const input = input_like(Shape::of({1, 12}), Quantization::of(1, 0));
  MomentCollector collector(sums, input, 1, {.most_bytes = 4 * 3 * 3 * 8});
  std::vector<Sample> const one{{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, std::vector<float>(12, 1.0F)}};
  add(collector, one, 0, 1);
  InputMoments const m = collector.take();
  EXPECT_EQ(m.blocks, 4);
  EXPECT_EQ(m.columns, 3);
  EXPECT_EQ(m.second[9 + 1 * 3 + 2], 5 * 6);  // the second block begins at 4
}

}  // namespace
}  // namespace narrow
