// What a layer needs from an instruction set. One table for each of Highway's targets, filled from the same templates.
#ifndef NARROW_KERNELS_HOST_ISA_H
#define NARROW_KERNELS_HOST_ISA_H

#include <cstddef>
#include <cstdint>
#include <span>

#include "conv.h"

namespace narrow::host {

// Output pixels whose accumulators are kept at a time.
inline constexpr int kTilePixels = 32;

// Accumulators of one block: [pixel][lane], pixel < kTilePixels. int64 lanes are stored even ones first, then odd
// ones: 32-bit products come in that order.
template <class T, class E>
struct BandKernels {
  // out[i] = x[i] - subtracted.
  void (*to_band)(const T* x, std::ptrdiff_t count, int subtracted, E* out);

  // Tiles of `blocks` (1 or 2) blocks from `block` on, for `pixels` pixels that start at band + offsets[i].
  void (*accumulate)(const PackedConv<T>&, int block, int blocks, const E* band, const std::ptrdiff_t* offsets,
                     int pixels, Accumulator<T>* tile);
  void (*accumulate_depthwise)(const PackedConv<T>&, int block, int blocks, const E* band,
                               const std::ptrdiff_t* offsets, int pixels, Accumulator<T>* tile);
};

template <class T>
struct Kernels {
  BandKernels<T, std::int16_t> pairs;
  BandKernels<T, std::uint8_t> quads;  // null where there is no instruction for them

  // Tiles of the planes of a block: high = high * kPlane + low.
  void (*join_planes)(Accumulator<T>* high, const Accumulator<T>* low, int pixels);

  // One tile to y, whose pixels lie y_stride elements apart. By Rounding.
  using Finish = void (*)(const Epilogue&, int channel, int channels, const Accumulator<T>* tile, int pixels, T* y,
                          std::ptrdiff_t y_stride);
  Finish finish[kRoundings];

  // The same, faster, of sums below 2^30 in size and where no channel shifts to the left; null where there is none.
  Finish finish_small[kRoundings];

  template <class E>
  const BandKernels<T, E>& of_band() const {
    if constexpr (sizeof(E) == 1)
      return quads;
    else
      return pairs;
  }
};

struct Isa {
  const char* name;
  int lanes;         // of 32 bits; at most kEpilogueSlack
  bool pairs_apart;  // weights of 16 bits of a step are [2][lane] instead of [lane][2]
  int byte_offset;   // what is added to the input for a band of bytes
  Kernels<std::int8_t> int8;
  Kernels<std::int16_t> int16;

  template <class T>
  const Kernels<T>& kernels() const {
    if constexpr (std::is_same_v<T, std::int8_t>)
      return int8;
    else
      return int16;
  }
};

// What this machine has of the target that Highway has chosen, best first; at least one.
std::span<const Isa> available_isas();

// The first of them, which is what packing uses.
const Isa& best_isa();

// Makes best_isa() answer `isa`, or again the best one for null. For tests; not while layers are packed elsewhere.
void override_isa(const Isa* isa);

}  // namespace narrow::host

#endif
