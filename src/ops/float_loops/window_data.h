// The data under the windows of a convolution, with its border of zeros.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ops/layers/convolution.h"

namespace narrow::float_loops {

/// Rows of pixels of `channels` values, as windows see them: from the first element of the first window on, without
/// an element outside. It is the image itself where windows stay inside of it and its channels serve as they are,
/// else a copy.
class WindowData {
 public:
  /// `repeat`: how often a channel of the image stands in a pixel, one beside the other; the channels after the last
  /// one are zeros.
  WindowData(const ConvGeometry& g, int repeat, int channels)
      : g_(g),
        repeat_(repeat),
        channels_(channels),
        height_((g.output_h - 1) * g.stride_h + (g.filter_h - 1) * g.dilation_h + 1),
        width_((g.output_w - 1) * g.stride_w + (g.filter_w - 1) * g.dilation_w + 1),
        copies_(g.pad_top > 0 || g.pad_left > 0 || height_ > g.input_h || width_ > g.input_w || channels != g.input_c) {
  }

  int64_t scratch_floats() const { return copies_ ? height_ * row() : 0; }

  /// Values in a row.
  int64_t row() const { return int64_t{copies_ ? width_ : g_.input_w} * channels_; }
  int channels() const { return channels_; }

  /// The data of one image, valid until the next call with this scratch.
  const float* of(const float* image, float* scratch) const {
    if (!copies_) return image;
    for (int y = 0; y < height_; ++y) copy_row(image, y - g_.pad_top, scratch + y * row());
    return scratch;
  }

 private:
  void copy_row(const float* image, int y, float* to) const {
    float* const end = to + row();
    if (y < 0 || y >= g_.input_h) {
      std::fill(to, end, 0.0f);
      return;
    }
    int const left = std::min(g_.pad_left, width_), pixels = std::clamp(width_ - left, 0, g_.input_w);
    const float* x = image + int64_t{y} * g_.input_w * g_.input_c;
    to = std::fill_n(to, int64_t{left} * channels_, 0.0f);
    if (channels_ == g_.input_c)
      to = std::copy_n(x, int64_t{pixels} * channels_, to);
    else
      for (int p = 0; p < pixels; ++p, x += g_.input_c) to = copy_pixel(x, to);
    std::fill(to, end, 0.0f);
  }

  float* copy_pixel(const float* x, float* to) const {
    float* const end = to + channels_;
    for (int c = 0; c < g_.input_c; ++c) to = std::fill_n(to, repeat_, x[c]);
    return std::fill_n(to, end - to, 0.0f);
  }

  ConvGeometry g_;
  int repeat_, channels_;
  int height_, width_;
  bool copies_;
};

}  // namespace narrow::float_loops
