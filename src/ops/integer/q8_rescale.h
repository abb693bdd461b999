// XNNPACK's rescaling of 8-bit values, in LEAKY_RELU and between types: a factor in 1/256, one rounding, ties up.
#pragma once

#include <cmath>
#include <cstdint>

namespace narrow {

/// Whether XNNPACK takes an op with this quotient of scales.
inline bool q8_takes(float ratio) {
  return ratio >= 0x1p-8f && ratio <= 0x1p7f;
}

/// The quotient in 1/256.
inline int32_t q8_factor(float ratio) {
  return static_cast<int32_t>(std::nearbyint(256.0f * ratio));
}

/// v * factor / 256.
inline int32_t q8_rescale(int32_t v, int32_t factor) {
  return (v * factor + 128) >> 8;
}

}  // namespace narrow
