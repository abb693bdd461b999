#include "calibrate/scan.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace narrow {
namespace {

constexpr size_t kLanes = 4;
constexpr size_t kFew = 1024;                          // fewer values are counted one by one
constexpr size_t kMostPerFlush = kLanes * UINT16_MAX;  // what no 16-bit counter overflows with
constexpr size_t kBlock = 1 << 20;                     // zeros of a block are counted in 32 bits

#define NARROW_INLINE inline __attribute__((always_inline))

NARROW_INLINE Extent extent_loop(const float* values, size_t n) {
  int32_t lo = INT32_MAX;
  int32_t hi = INT32_MIN;
  uint32_t zeros = 0;
  for (size_t i = 0; i < n; ++i) {
    auto const bits = std::bit_cast<int32_t>(values[i]);
    int32_t const key = bits ^ (bits >> 31 & 0x7FFFFFFF);
    lo = std::min(lo, key);
    hi = std::max(hi, key);
    zeros += (static_cast<uint32_t>(bits) << 1) == 0 ? 1U : 0U;
  }
  return {lo, hi, zeros};
}

NARROW_INLINE uint32_t smallest_loop(const float* values, size_t n) {
  uint32_t smallest = UINT32_MAX;
  for (size_t i = 0; i < n; ++i)
    smallest = std::min(smallest, (std::bit_cast<uint32_t>(values[i]) & 0x7FFFFFFF) - 1);  // zero becomes the largest
  return smallest;
}

using Lanes = std::array<double, 16>;

NARROW_INLINE Lanes sum_loop(const float* values, size_t n) {
  Lanes sum{};
  size_t const whole = n / sum.size() * sum.size();
  for (size_t i = 0; i < whole; i += sum.size())
    for (size_t j = 0; j < sum.size(); ++j) sum[j] += static_cast<double>(values[i + j]);
  for (size_t i = whole; i < n; ++i) sum[i - whole] += static_cast<double>(values[i]);
  return sum;
}

struct Loops {
  Extent (*extent)(const float*, size_t);
  uint32_t (*smallest)(const float*, size_t);
  Lanes (*sum)(const float*, size_t);
};

Extent extent_plain(const float* v, size_t n) {
  return extent_loop(v, n);
}
uint32_t smallest_plain(const float* v, size_t n) {
  return smallest_loop(v, n);
}
Lanes sum_plain(const float* v, size_t n) {
  return sum_loop(v, n);
}

#if defined(__x86_64__)
#define NARROW_AVX2 __attribute__((target("avx2")))
#if defined(__clang__)
#define NARROW_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#else
#define NARROW_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,prefer-vector-width=512")))
#endif
NARROW_AVX2 Extent extent_avx2(const float* v, size_t n) {
  return extent_loop(v, n);
}
NARROW_AVX2 uint32_t smallest_avx2(const float* v, size_t n) {
  return smallest_loop(v, n);
}
NARROW_AVX2 Lanes sum_avx2(const float* v, size_t n) {
  return sum_loop(v, n);
}
NARROW_AVX512 Extent extent_avx512(const float* v, size_t n) {
  return extent_loop(v, n);
}
NARROW_AVX512 uint32_t smallest_avx512(const float* v, size_t n) {
  return smallest_loop(v, n);
}
NARROW_AVX512 Lanes sum_avx512(const float* v, size_t n) {
  return sum_loop(v, n);
}
#endif

const Loops& loops() {
  static const Loops kBest = [] {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
      return Loops{extent_avx512, smallest_avx512, sum_avx512};
    if (__builtin_cpu_supports("avx2")) return Loops{extent_avx2, smallest_avx2, sum_avx2};
#endif
    return Loops{extent_plain, smallest_plain, sum_plain};
  }();
  return kBest;
}

/// The upper 16 bits of value i.
NARROW_INLINE size_t bin_at(const float* values, size_t i) {
  uint16_t bin = 0;
  std::memcpy(&bin, reinterpret_cast<const std::byte*>(values + i) + 2, sizeof bin);
  return bin;
}
static_assert(std::endian::native == std::endian::little);

}  // namespace

void Extent::merge(const Extent& other) {
  lo = std::min(lo, other.lo);
  hi = std::max(hi, other.hi);
  zeros += other.zeros;
}

Extent extent_of(const float* values, size_t n) {
  Extent all;
  for (size_t at = 0; at < n; at += kBlock) all.merge(loops().extent(values + at, std::min(kBlock, n - at)));
  return all;
}

uint32_t smallest_magnitude(const float* values, size_t n) {
  uint32_t const less_one = loops().smallest(values, n);
  return less_one == UINT32_MAX ? less_one : less_one + 1;
}

double sum_of(const float* values, size_t n) {
  Lanes sum = loops().sum(values, n);
  for (size_t half = sum.size() / 2; half > 0; half /= 2)
    for (size_t j = 0; j < half; ++j) sum[j] += sum[j + half];
  return sum[0];
}

void Tally::count(const float* values, size_t n, const Extent& extent, Histogram& into) {
  if (n < kFew) {
    for (size_t i = 0; i < n; ++i) into.add(static_cast<uint16_t>(bin_at(values, i)), 1);
    return;
  }
  if (counters_.empty()) counters_.resize(kLanes << 16);
  for (size_t at = 0; at < n; at += kMostPerFlush) {
    const float* const v = values + at;
    size_t const m = std::min(kMostPerFlush, n - at);
    uint16_t* const counters = counters_.data();
    size_t i = 0;
    for (; i + kLanes <= m; i += kLanes)
      for (size_t lane = 0; lane < kLanes; ++lane) ++counters[bin_at(v, i + lane) * kLanes + lane];
    for (; i < m; ++i) ++counters[bin_at(v, i) * kLanes + i % kLanes];

    // Only these bins can have been touched: zeros, and magnitudes from the smallest to the extent's ends.
    uint32_t const smallest = smallest_magnitude(v, m) >> 16;
    flush(0, 0, into);
    flush(0x8000, 0x8000, into);
    if (extent.hi > 0) flush(smallest, static_cast<uint32_t>(extent.hi) >> 16, into);
    if (extent.lo < ~0) flush(smallest | 0x8000, Histogram::bin_of(value_of_key(extent.lo)), into);
  }
}

void Tally::flush(uint32_t first_bin, uint32_t last_bin, Histogram& into) {
  Histogram::Page* page = nullptr;
  uint32_t page_of = 0;
  for (uint32_t bin = first_bin; bin <= last_bin; ++bin) {
    uint16_t* const lanes = counters_.data() + bin * kLanes;
    uint64_t four = 0;
    static_assert(sizeof four == kLanes * sizeof *lanes);
    std::memcpy(&four, lanes, sizeof four);
    if (four == 0) continue;
    std::memset(lanes, 0, sizeof four);
    if (!page || page_of != bin >> 8) page = &into.page(static_cast<uint16_t>(bin));
    page_of = bin >> 8;
    uint64_t const two = (four & 0x0000FFFF0000FFFF) + (four >> 16 & 0x0000FFFF0000FFFF);
    (*page)[bin & 0xFF] += (two & 0xFFFFFFFF) + (two >> 32);
  }
}

}  // namespace narrow
