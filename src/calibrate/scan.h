// The inner loops of calibration over float32 values. The compiler vectorizes them for several instruction sets, of
// which the best that the processor has is chosen.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "calibrate/histogram.h"

namespace narrow {

/// A float's bits as an integer of the same order: -NaN < -inf < ... < -0 < 0 < ... < inf < NaN.
inline int32_t key_of(float v) {
  auto const bits = std::bit_cast<int32_t>(v);
  return bits ^ (bits >> 31 & 0x7FFFFFFF);
}
/// Its inverse; both zeros become 0.
inline float value_of_key(int32_t key) {
  return std::bit_cast<float>(key ^ (key >> 31 & 0x7FFFFFFF)) + 0.0F;
}

inline constexpr int32_t kInfinityKey = 0x7F800000;

/// The least and the greatest of some values, as keys (lo > hi where there are no values), and how many are zero.
struct Extent {
  int32_t lo = INT32_MAX;
  int32_t hi = INT32_MIN;
  uint64_t zeros = 0;

  bool finite() const { return hi < kInfinityKey && lo > ~kInfinityKey; }
  void merge(const Extent& other);
};

Extent extent_of(const float* values, size_t n);

/// The smallest magnitude other than zero, as the bits of a float; UINT32_MAX where all values are zero.
uint32_t smallest_magnitude(const float* values, size_t n);

/// The sum by way of 16 interleaved partial sums, added up in a fixed order: the same on every processor.
double sum_of(const float* values, size_t n);

/// Counts values into histograms. Takes 512 KiB, of which only the counters of values that occur are touched; each
/// worker has one. Each bin has four counters, used in turn, because increments of one counter wait for each other.
class Tally {
 public:
  /// Adds `n` finite values of the given extent to `into`.
  void count(const float* values, size_t n, const Extent& extent, Histogram& into);

 private:
  void flush(uint32_t first_bin, uint32_t last_bin, Histogram& into);

  std::vector<uint16_t> counters_;  // four for each bin, side by side
};

}  // namespace narrow
