// The generated accessors of the .tflite format, under a short name, and what reader and writer share of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "tflite/schema_generated.h"

namespace narrow {

namespace format = tflite_format;

/// The version of the format that is read and written.
inline constexpr uint32_t kFormatVersion = 3;

/// An index that the format stores without a sign. One that does not fit becomes one that `validate` refuses.
inline int index_of(uint32_t stored) {
  return static_cast<int>(std::min<uint32_t>(stored, std::numeric_limits<int>::max()));
}

}  // namespace narrow
