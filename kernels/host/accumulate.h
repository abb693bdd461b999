// Inner loops of the layers. Compiled once for each of Highway's targets, into the target's namespace.
#if defined(NARROW_KERNELS_HOST_ACCUMULATE_H) == defined(HWY_TARGET_TOGGLE)
#ifdef NARROW_KERNELS_HOST_ACCUMULATE_H
#undef NARROW_KERNELS_HOST_ACCUMULATE_H
#else
#define NARROW_KERNELS_HOST_ACCUMULATE_H
#endif

#include "isa.h"
#include "lanes.h"

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {
template <class T>
void widen(const T* x, std::ptrdiff_t count, int zero_point, std::int16_t* out) {
  for (std::ptrdiff_t i = 0; i < count; ++i) out[i] = static_cast<std::int16_t>(x[i] - zero_point);
}

inline void put(I32 sum, const std::int32_t* base, std::int32_t* tile) {
  store(tile, hn::Add(sum, load(base)));
}

inline void put(I32 sum, const std::int64_t* base, std::int64_t* tile) {
  store64(tile, add64(widen64(sum), load64(base)));
}

// One chunk for M pixels and N blocks. bias is null after the first chunk.
template <bool kVnni, int M, int N, bool kDepthwise, class A>
inline void micro(const Run* run, const Run* end, const std::int16_t* const* pixel, const std::int16_t* w,
                  std::ptrdiff_t block_elements, const A* bias, A* tile) {
  I32 acc[M][N];
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m)
#pragma GCC unroll 2
    for (int n = 0; n < N; ++n) acc[m][n] = zero();

  for (; run != end; ++run) {
    const std::int16_t* x[M];
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m) x[m] = pixel[m] + run->offset;
    for (int s = 0; s < (kDepthwise ? 1 : run->steps); ++s) {
      I32 weight[N];
#pragma GCC unroll 2
      for (int n = 0; n < N; ++n) weight[n] = weights(w + n * block_elements);
      w += 2 * kLanes;
#pragma GCC unroll 8
      for (int m = 0; m < M; ++m) {
        I32 operand;
        if constexpr (!kDepthwise) operand = pair(x[m] + 2 * s);
#pragma GCC unroll 2
        for (int n = 0; n < N; ++n) {
          if constexpr (kDepthwise) operand = singles(x[m] + n * kLanes);
          acc[m][n] = dot2<kVnni>(acc[m][n], operand, weight[n]);
        }
      }
    }
  }
#pragma GCC unroll 2
  for (int n = 0; n < N; ++n)
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m) {
      A* const out = tile + (n * kTilePixels + m) * kLanes;
      put(acc[m][n], bias != nullptr ? bias + n * kLanes : out, out);
    }
}

template <bool kVnni, int M, int N, bool kDepthwise, class T>
inline void all_chunks(const PackedConv<T>& layer, int block, const std::int16_t* band, const std::ptrdiff_t* offsets,
                       Accumulator<T>* tile) {
  const std::int16_t* pixel[M];
  for (int m = 0; m < M; ++m) pixel[m] = band + offsets[m];
  const std::ptrdiff_t block_elements = std::ptrdiff_t{layer.total_steps} * kLanes * 2;
  const std::int16_t* const w = layer.weights.data() + block * block_elements;
  const Accumulator<T>* bias = layer.bias.data() + block * kLanes;
  const Run* const runs = layer.runs.data();
  const Chunk* const chunks = layer.chunks.data();
  for (std::size_t i = 0; i < layer.chunks.size(); ++i) {
    micro<kVnni, M, N, kDepthwise>(runs + chunks[i].first_run, runs + chunks[i].end_run, pixel,
                                   w + std::ptrdiff_t{chunks[i].first_step} * kLanes * 2, block_elements, bias, tile);
    bias = nullptr;
  }
}

// As many pixels at a time as there are registers for, then the rest by halves.
template <bool kVnni, int M, int N, bool kDepthwise, class T>
void by_pixels(const PackedConv<T>& layer, int block, const std::int16_t* band, const std::ptrdiff_t* offsets,
               int pixels, Accumulator<T>* tile) {
  int p = 0;
  for (; p + M <= pixels; p += M)
    all_chunks<kVnni, M, N, kDepthwise>(layer, block, band, offsets + p, tile + p * kLanes);
  if constexpr (M > 1) {
    if (p < pixels)
      by_pixels<kVnni, M / 2, N, kDepthwise>(layer, block, band, offsets + p, pixels - p, tile + p * kLanes);
  }
}

template <bool kVnni, bool kDepthwise, class T>
void accumulate(const PackedConv<T>& layer, int block, int blocks, const std::int16_t* band,
                const std::ptrdiff_t* offsets, int pixels, Accumulator<T>* tile) {
  band += layer.blocks.data()[block].input_channel;
  if (blocks == 2)
    by_pixels<kVnni, kPixels, 2, kDepthwise>(layer, block, band, offsets, pixels, tile);
  else
    by_pixels<kVnni, kPixels, 1, kDepthwise>(layer, block, band, offsets, pixels, tile);
}

// Sums of two planes: those of the first come to hold both.
template <class T>
void join_planes(Accumulator<T>* high, const Accumulator<T>* low, int pixels) {
  for (int i = 0; i < pixels * kLanes; ++i) high[i] = high[i] * kPlane + low[i];
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
