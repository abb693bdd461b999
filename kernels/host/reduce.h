// Sums and other folds over any axes in the order of memory, over any element type.
#ifndef NARROW_KERNELS_HOST_REDUCE_H
#define NARROW_KERNELS_HOST_REDUCE_H

#include <algorithm>
#include <array>
#include <cstddef>

extern "C" {
#include "portable/arithmetic/broadcast.h"
#include "portable/reductions/reduce.h"
}

namespace narrow::host {

// A sum that LiteRT's default interpreter multiplies in floating point. Dimensions as in nw_reduce_params.
struct FloatReduceParams {
  nw_reduce_dims kept;
  nw_reduce_dims reduced;
  float scale;
  float offset;  // added before rounding; not read for 16 bits
};

// Sum of n neighbours, in a fixed order that vectorizes.
template <class Acc, class T>
Acc sum_of(const T* in, std::ptrdiff_t n) {
  constexpr std::ptrdiff_t kLanes = 16;
  std::array<Acc, kLanes> lanes{};
  std::ptrdiff_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::ptrdiff_t k = 0; k < kLanes; ++k) lanes[static_cast<std::size_t>(k)] += static_cast<Acc>(in[i + k]);
  Acc sum{};
  for (Acc lane : lanes) sum += lane;
  for (; i < n; ++i) sum += static_cast<Acc>(in[i]);
  return sum;
}

// acc[o] = sum of the elements that belong to output o, for `outputs` outputs. a of `walk` is the operand, b the
// result, which repeats along the dimensions that are summed over.
template <class T, class Acc>
void sum_along(const nw_broadcast& walk, const T* in, Acc* acc, std::ptrdiff_t outputs) {
  constexpr int kLast = NW_BROADCAST_RANK - 1;
  std::ptrdiff_t const n = walk.extent[kLast];
  bool const kept = walk.b_stride[kLast] != 0;
  std::fill_n(acc, outputs, Acc{});
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    const T* from = in + at.a;
    Acc* to = acc + at.b;
    if (kept) {
      for (std::ptrdiff_t i = 0; i < n; ++i) to[i] += static_cast<Acc>(from[i]);
    } else {
      *to += sum_of<Acc>(from, n);
    }
  } while (nw_broadcast_next(&walk, &at));
}

// acc[o] = f(f(start, x), y)... of the elements x, y, ... that belong to output o; as sum_along.
template <class T, class Acc, class F>
void fold_along(const nw_broadcast& walk, const T* in, Acc* acc, std::ptrdiff_t outputs, Acc start, F f) {
  constexpr int kLast = NW_BROADCAST_RANK - 1;
  std::ptrdiff_t const n = walk.extent[kLast];
  std::ptrdiff_t const step = walk.b_stride[kLast];
  std::fill_n(acc, outputs, start);
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    const T* from = in + at.a;
    Acc* to = acc + at.b;
    for (std::ptrdiff_t i = 0; i < n; ++i) to[i * step] = f(to[i * step], from[i]);
  } while (nw_broadcast_next(&walk, &at));
}

}  // namespace narrow::host

#endif
