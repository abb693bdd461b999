// Convolutions over real numbers, as loops.
#include "ops/float_loops/blocks.h"
#include "ops/float_loops/float_loops.h"
#include "ops/float_loops/window_data.h"

namespace narrow::float_loops {
namespace {

/// What both forms share: the walk over images, rows, and pixels of a row, kRows at a time.
class Windows : public FloatLayer {
 public:
  Windows(const FloatConv& c, WindowData data) : g_(c.geometry), clamp_(c.clamp), data_(data) {}

  int64_t scratch_floats() const override { return data_.scratch_floats(); }

 protected:
  /// Calls pixels(sums of kRows rows or of one, data under the first window, result of the first pixel).
  template <class Pixels>
  void walk(const float* x, float* y, int64_t images, float* scratch, const Pixels& pixels) const {
    int64_t const image = int64_t{g_.input_h} * g_.input_w * g_.input_c;
    int64_t const step = int64_t{g_.stride_w} * data_.channels();
    for (int64_t i = 0; i < images; ++i, x += image) {
      const float* const under = data_.of(x, scratch);
      for (int oy = 0; oy < g_.output_h; ++oy) {
        const float* at = under + int64_t{oy} * g_.stride_h * data_.row();
        int ox = 0;
        for (; ox + kRows <= g_.output_w; ox += kRows, at += kRows * step, y += kRows * g_.output_c)
          pixels.template operator()<kRows>(at, y);
        for (; ox < g_.output_w; ++ox, at += step, y += g_.output_c) pixels.template operator()<1>(at, y);
      }
    }
  }

  template <int N>
  void store(const Sums<N>& sums, int first, int count, float* y) const {
    for (int r = 0; r < N; ++r) sums.store(r, std::min(kBlock, count), clamp_, y + int64_t{r} * g_.output_c + first);
  }

  ConvGeometry g_;
  Interval clamp_;
  WindowData data_;
};

class Conv final : public Windows {
 public:
  Conv(const FloatConv& c, const float* weights, const float* bias)
      : Windows(c, WindowData(c.geometry, 1, c.geometry.input_c)),
        groups_(c.groups),
        ins_(g_.input_c / groups_),
        outs_(g_.output_c / groups_) {
    int64_t const n = int64_t{g_.filter_h} * g_.filter_w * ins_;
    for (int group = 0; group < groups_; ++group) {
      int const first = group * outs_;
      pack(weights + first * n, outs_, n, n, weights_);
      std::vector<float> const starts = padded(bias ? bias + first : nullptr, outs_);
      starts_.insert(starts_.end(), starts.begin(), starts.end());
    }
  }

  void run(const float* x, float* y, int64_t count, float* scratch) const override {
    walk(x, y, count, scratch, [this]<int N>(const float* at, float* to) { pixels<N>(at, to); });
  }

 private:
  template <int N>
  void pixels(const float* at, float* y) const {
    const float* w = weights_.data();
    const float* start = starts_.data();
    for (int group = 0; group < groups_; ++group)
      for (int o = 0; o < outs_; o += kBlock, start += kBlock) {
        Sums<N> sums(start);
        w = add_window(sums, at + int64_t{group} * ins_, w);
        store(sums, group * outs_ + o, outs_ - o, y);
      }
  }

  /// Adds the elements of a window; where the weights of the next block begin.
  template <int N>
  const float* add_window(Sums<N>& sums, const float* at, const float* w) const {
    int64_t const pixel = data_.channels(), stride = g_.stride_w * pixel;
    // A row of the filter is one run of elements where nothing lies between its pixels.
    bool const joined = groups_ == 1 && g_.dilation_w == 1;
    int const runs = joined ? 1 : g_.filter_w;
    int64_t const n = joined ? g_.filter_w * pixel : ins_;
    for (int fy = 0; fy < g_.filter_h; ++fy, at += g_.dilation_h * data_.row())
      for (int run = 0; run < runs; ++run, w += n * kBlock)
        sums.add_products(at + run * g_.dilation_w * pixel, stride, n, w);
    return w;
  }

  int groups_, ins_, outs_;  // channels of a group
  std::vector<float> weights_, starts_;
};

/// The data has the channels of the result, filled up to whole blocks.
class Depthwise final : public Windows {
 public:
  Depthwise(const FloatConv& c, const float* weights, const float* bias)
      : Windows(c, WindowData(c.geometry, c.geometry.output_c / c.geometry.input_c,
                              (c.geometry.output_c + kBlock - 1) / kBlock * kBlock)),
        starts_(padded(bias, g_.output_c)) {
    int const taps = g_.filter_h * g_.filter_w;
    for (int first = 0; first < g_.output_c; first += kBlock)
      for (int tap = 0; tap < taps; ++tap)
        for (int c0 = first; c0 < first + kBlock; ++c0)
          weights_.push_back(c0 < g_.output_c ? weights[int64_t{tap} * g_.output_c + c0] : 0.0f);
  }

  void run(const float* x, float* y, int64_t count, float* scratch) const override {
    walk(x, y, count, scratch, [this]<int N>(const float* at, float* to) { pixels<N>(at, to); });
  }

 private:
  template <int N>
  void pixels(const float* at, float* y) const {
    int64_t const pixel = data_.channels(), stride = g_.stride_w * pixel;
    const float* w = weights_.data();
    for (int first = 0; first < g_.output_c; first += kBlock) {
      Sums<N> sums(starts_.data() + first);
      const float* row = at + first;
      for (int fy = 0; fy < g_.filter_h; ++fy, row += g_.dilation_h * data_.row())
        for (int fx = 0; fx < g_.filter_w; ++fx, w += kBlock)
          sums.add_channels(row + fx * g_.dilation_w * pixel, stride, w);
      store(sums, first, g_.output_c - first, y);
    }
  }

  std::vector<float> weights_, starts_;
};

}  // namespace

FloatLayerPtr make_conv(const FloatConv& conv, const float* weights, const float* bias) {
  if (conv.depthwise) return std::make_shared<const Depthwise>(conv, weights, bias);
  return std::make_shared<const Conv>(conv, weights, bias);
}

}  // namespace narrow::float_loops
