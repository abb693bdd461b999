// Pooling with channels innermost, over any element type; equal to the portable kernels bit for bit.
#ifndef NARROW_KERNELS_HOST_POOL_H
#define NARROW_KERNELS_HOST_POOL_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

extern "C" {
#include "nw_requantize.h"
#include "portable/windows/pool.h"
}

namespace narrow::host {

// out = value(fold over the window from `start` on, elements in the window), not clamped here. acc holds one
// accumulator for each channel. out_min and out_max of p are not looked at.
template <class T, class Acc, class Fold, class Value>
void pool(const nw_pool_params& p, const T* in, T* out, Acc* acc, Acc start, Fold fold, Value value) {
  std::ptrdiff_t const channels = p.window.input_c;
  std::ptrdiff_t const row = channels * p.window.input_w;
  for (nw_i32 b = 0; b < p.window.batches; ++b, in += row * p.window.input_h) {
    for (nw_i32 y = 0; y < p.window.output_h; ++y) {
      nw_pool_span const rows =
          nw_pool_clip(y, p.window.stride_h, p.window.pad_top, p.window.filter_h, p.window.input_h);
      for (nw_i32 x = 0; x < p.window.output_w; ++x, out += channels) {
        nw_pool_span const cols =
            nw_pool_clip(x, p.window.stride_w, p.window.pad_left, p.window.filter_w, p.window.input_w);
        std::fill_n(acc, channels, start);
        for (nw_i32 i = rows.first; i < rows.end; ++i) {
          for (nw_i32 j = cols.first; j < cols.end; ++j) {
            const T* pixel = in + i * row + j * channels;
            for (std::ptrdiff_t c = 0; c < channels; ++c) acc[c] = fold(acc[c], pixel[c]);
          }
        }
        nw_i32 const count = (rows.end - rows.first) * (cols.end - cols.first);
        for (std::ptrdiff_t c = 0; c < channels; ++c) out[c] = value(acc[c], count);
      }
    }
  }
}

// acc: p->window.input_c accumulators.
template <class T>
void average_pool(const nw_pool_params& p, const T* in, T* out, std::int32_t* acc) {
  pool(
      p, in, out, acc, std::int32_t{0}, [](std::int32_t sum, T v) { return sum + v; },
      [lo = p.out_min, hi = p.out_max](std::int32_t sum, nw_i32 count) {
        std::int32_t const half = count / 2;
        // Exact: a quotient of 31-bit integers that is no integer lies further from one than a double's rounding.
        double const quotient = static_cast<double>(sum > 0 ? sum + half : sum - half) / count;
        return static_cast<T>(std::clamp(static_cast<std::int32_t>(quotient), lo, hi));
      });
}

// acc: p->window.input_c accumulators.
template <class T>
void average_pool_by_rule(const nw_pool_params& p, const T* in, T* out, std::int32_t* acc) {
  pool(
      p, in, out, acc, std::int32_t{0}, [](std::int32_t sum, T v) { return sum + v; },
      [lo = p.out_min, hi = p.out_max, rule = p.rounding](std::int32_t sum, nw_i32 count) {
        return static_cast<T>(std::clamp(nw_round_divide(sum, count, rule), lo, hi));
      });
}

// acc: p->window.input_c elements.
template <class T>
void max_pool(const nw_pool_params& p, const T* in, T* out, T* acc) {
  pool(
      p, in, out, acc, std::numeric_limits<T>::min(), [](T a, T b) { return a > b ? a : b; },
      [lo = static_cast<T>(p.out_min), hi = static_cast<T>(p.out_max)](T v, nw_i32) { return std::clamp(v, lo, hi); });
}

}  // namespace narrow::host

#endif
