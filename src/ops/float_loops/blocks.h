// Sums of products for several results and several rows of data at a time, in vectors that every machine has or that
// the compiler takes apart. Each sum is added up in the order of its elements, so that results depend neither on the
// machine nor on where a row or a result lies.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ops/def/attributes.h"

namespace narrow::float_loops {

inline constexpr int kBlock = 8;  // results side by side
inline constexpr int kRows = 4;   // rows of data side by side

using Four [[gnu::vector_size(16)]] = float;

inline Four load(const float* at) {
  Four v;
  std::memcpy(&v, at, sizeof v);
  return v;
}

/// kBlock sums for each of N rows.
template <int N>
struct Sums {
  Four of[N][2];

  explicit Sums(const float* start) {
    for (auto& row : of) row[0] = load(start), row[1] = load(start + 4);
  }

  /// Adds x[i] * w[i][block] over n elements; the rows of x are `stride` apart.
  [[gnu::always_inline]] void add_products(const float* x, int64_t stride, int64_t n, const float* w) {
    for (int64_t i = 0; i < n; ++i, w += kBlock) {
      Four const w0 = load(w), w1 = load(w + 4);
      for (int r = 0; r < N; ++r) {
        float const v = x[r * stride + i];
        of[r][0] += v * w0;
        of[r][1] += v * w1;
      }
    }
  }

  /// Adds x[c] * w[c] for the kBlock channels at x; the rows of x are `stride` apart.
  [[gnu::always_inline]] void add_channels(const float* x, int64_t stride, const float* w) {
    Four const w0 = load(w), w1 = load(w + 4);
    for (int r = 0; r < N; ++r) {
      of[r][0] += load(x + r * stride) * w0;
      of[r][1] += load(x + r * stride + 4) * w1;
    }
  }

  /// The first `count` sums of row `r`, clamped, to `y`.
  void store(int r, int count, const Interval& clamp, float* y) const {
    float sums[kBlock];
    std::memcpy(sums, of[r], sizeof sums);
    for (float& v : sums) v = clamp.clamp(v);
    std::copy_n(sums, count, y);
  }
};

/// Appends the weights of `results` results to `out`, in blocks of kBlock: element by element kBlock weights, zeros for
/// results that are not there. `w` holds n elements of each, which begin `stride` apart.
inline void pack(const float* w, int results, int64_t n, int64_t stride, std::vector<float>& out) {
  for (int first = 0; first < results; first += kBlock)
    for (int64_t i = 0; i < n; ++i)
      for (int b = 0; b < kBlock; ++b) out.push_back(first + b < results ? w[(first + b) * stride + i] : 0.0f);
}

/// `n` values, or zeros where there are none, filled up with zeros to whole blocks.
inline std::vector<float> padded(const float* values, int n) {
  std::vector<float> out(static_cast<size_t>((n + kBlock - 1) / kBlock) * kBlock);
  if (values) std::copy_n(values, n, out.begin());
  return out;
}

}  // namespace narrow::float_loops
