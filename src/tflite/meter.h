// Meter: bounds the memory that reading a file takes. Many offsets in a file may point to the same bytes, each of which
// becomes memory of its own; the meter counts it, and a file that grows out of proportion is refused.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace narrow {

class Meter {
 public:
  /// Allows eight times the size of the file plus 32 MiB.
  explicit Meter(size_t file_bytes) : left_(static_cast<int64_t>(file_bytes) * 8 + (int64_t{32} << 20)) {}

  Status take(size_t bytes) {
    left_ -= static_cast<int64_t>(bytes);
    if (left_ >= 0) return {};
    return fail(ErrorKind::limit_exceeded, "the file unfolds to many times its own size");
  }

 private:
  int64_t left_;
};

}  // namespace narrow
