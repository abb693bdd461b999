// Arithmetic on sizes that cannot overflow silently.
#pragma once

#include <cstdint>
#include <optional>

namespace narrow {

/// a * b, or nothing where it does not fit 64 bits.
inline std::optional<int64_t> checked_mul(int64_t a, int64_t b) {
  int64_t r = 0;
  if (__builtin_mul_overflow(a, b, &r)) return std::nullopt;
  return r;
}

/// a + b, or nothing where it does not fit 64 bits.
inline std::optional<int64_t> checked_add(int64_t a, int64_t b) {
  int64_t r = 0;
  if (__builtin_add_overflow(a, b, &r)) return std::nullopt;
  return r;
}

}  // namespace narrow
