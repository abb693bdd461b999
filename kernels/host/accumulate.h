// Inner loops of the layers. Compiled once for each of Highway's targets, into the target's namespace.
#if defined(NARROW_KERNELS_HOST_ACCUMULATE_H) == defined(HWY_TARGET_TOGGLE)
#ifdef NARROW_KERNELS_HOST_ACCUMULATE_H
#undef NARROW_KERNELS_HOST_ACCUMULATE_H
#else
#define NARROW_KERNELS_HOST_ACCUMULATE_H
#endif

#include "dot_lanes.h"
#include "isa.h"

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {
// x as elements of a band.
template <class T, class E>
void to_band(const T* x, std::ptrdiff_t count, int subtracted, E* out) {
  for (std::ptrdiff_t i = 0; i < count; ++i) out[i] = static_cast<E>(x[i] - subtracted);
}

// Sums begin with what the tile holds, or with the bias.
inline I32 first_sum(const std::int32_t* base) {
  return load(base);
}
inline void put(I32 sum, const std::int32_t*, std::int32_t* tile) {
  store(tile, sum);
}

// 64-bit ones are added at the end.
inline I32 first_sum(const std::int64_t*) {
  return zero();
}
inline void put(I32 sum, const std::int64_t* base, std::int64_t* tile) {
  store64(tile, add64(widen64(sum), load64(base)));
}

// One chunk for M pixels and N blocks. bias is null after the first chunk.
template <bool kDot, int M, int N, bool kDepthwise, class E, class A>
inline void micro(const Run* run, const Run* end, const E* const* pixel, const std::int32_t* w,
                  std::ptrdiff_t block_words, const A* bias, A* tile) {
  const auto base = [&](int m, int n) {
    return bias != nullptr ? bias + n * kLanes : tile + (n * kTilePixels + m) * kLanes;
  };
  I32 acc[M][N];
#pragma GCC unroll 16
  for (int m = 0; m < M; ++m)
#pragma GCC unroll 2
    for (int n = 0; n < N; ++n) acc[m][n] = first_sum(base(m, n));

  for (; run != end; ++run) {
    std::ptrdiff_t at = run->offset;
    for (int s = 0; s < (kDepthwise ? 1 : run->steps); ++s, at += kStepElements<E>) {
      I32 weight[N];
#pragma GCC unroll 2
      for (int n = 0; n < N; ++n) weight[n] = weights(w + n * block_words);
      w += kLanes;
#pragma GCC unroll 16
      for (int m = 0; m < M; ++m) {
        I32 factor;
        if constexpr (!kDepthwise) factor = operand(pixel[m] + at);
#pragma GCC unroll 2
        for (int n = 0; n < N; ++n) {
          if constexpr (kDepthwise) factor = singles(pixel[m] + at + n * kLanes);
          acc[m][n] = dot<kDot>(acc[m][n], factor, weight[n], E());
        }
      }
    }
  }
#pragma GCC unroll 2
  for (int n = 0; n < N; ++n)
#pragma GCC unroll 16
    for (int m = 0; m < M; ++m) put(acc[m][n], base(m, n), tile + (n * kTilePixels + m) * kLanes);
}

template <bool kDot, int M, int N, bool kDepthwise, class E, class T>
inline void all_chunks(const PackedConv<T>& layer, int block, const E* band, const std::ptrdiff_t* offsets,
                       Accumulator<T>* tile) {
  const E* pixel[M];
  for (int m = 0; m < M; ++m) pixel[m] = band + offsets[m];
  const std::ptrdiff_t block_words = std::ptrdiff_t{layer.total_steps} * kLanes;
  const std::int32_t* const w = layer.weights.data() + block * block_words;
  const Accumulator<T>* bias = layer.bias.data() + block * kLanes;
  const Run* const runs = layer.runs.data();
  const Chunk* const chunks = layer.chunks.data();
  for (std::size_t i = 0; i < layer.chunks.size(); ++i) {
    micro<kDot, M, N, kDepthwise>(runs + chunks[i].first_run, runs + chunks[i].end_run, pixel,
                                  w + std::ptrdiff_t{chunks[i].first_step} * kLanes, block_words, bias, tile);
    bias = nullptr;
  }
}

// As many pixels at a time as there are registers for, then the rest by halves.
template <bool kDot, int M, int N, bool kDepthwise, class E, class T>
void by_pixels(const PackedConv<T>& layer, int block, const E* band, const std::ptrdiff_t* offsets, int pixels,
               Accumulator<T>* tile) {
  int p = 0;
  for (; p + M <= pixels; p += M)
    all_chunks<kDot, M, N, kDepthwise>(layer, block, band, offsets + p, tile + p * kLanes);
  if constexpr (M > 1) {
    if (p < pixels)
      by_pixels<kDot, M / 2, N, kDepthwise>(layer, block, band, offsets + p, pixels - p, tile + p * kLanes);
  }
}

template <bool kDot, bool kDepthwise, class E, class T>
void accumulate(const PackedConv<T>& layer, int block, int blocks, const E* band, const std::ptrdiff_t* offsets,
                int pixels, Accumulator<T>* tile) {
  band += layer.blocks.data()[block].input_channel;
  if (blocks == 2)
    by_pixels<kDot, kPixels, 2, kDepthwise>(layer, block, band, offsets, pixels, tile);
  else
    by_pixels<kDot, 2 * kPixels, 1, kDepthwise>(layer, block, band, offsets, pixels, tile);
}

// Sums of two planes: those of the first come to hold both.
template <class T>
void join_planes(Accumulator<T>* high, const Accumulator<T>* low, int pixels) {
  for (int i = 0; i < pixels * kLanes; ++i) high[i] = high[i] * kPlane + low[i];
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
