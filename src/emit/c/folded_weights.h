// Two weights of 8 bits in a lane of 16, as kernels/dsp/dsp_folded.h multiplies them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace narrow {

inline constexpr int kFoldedBits = 8;       // sums are 2^kFoldedBits times as large
inline constexpr int kAddedToFolded = 127;  // to what the first one of two weights is multiplied with

/// The lane of two weights, which may need more than 16 bits.
inline int folded_lane(const int8_t* two) {
  return (1 << kFoldedBits) * two[1] + two[0];
}

/// The lanes of four weights.
inline int32_t folded_word(const int8_t* four) {
  return static_cast<int32_t>((static_cast<uint32_t>(folded_lane(four)) & 0xFFFF) |
                              static_cast<uint32_t>(folded_lane(four + 2)) << 16);
}

/// Whether all lanes of a filter of an even number of weights have 16 bits: no weight of -128 follows a negative one.
inline bool folds(const std::vector<int8_t>& filter) {
  for (size_t i = 0; i + 1 < filter.size(); i += 2)
    if (folded_lane(&filter[i]) < INT16_MIN) return false;
  return true;
}

/// What the sums of a filter are larger by.
inline int64_t added_to_folded(const std::vector<int8_t>& filter) {
  int64_t out = 0;
  for (size_t i = 0; i < filter.size(); i += 2) out += kAddedToFolded * filter[i];
  return out;
}

}  // namespace narrow
