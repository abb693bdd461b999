// Meter: bounds what a file costs in memory. Offsets in a file may point many times at the same bytes; what each of
// them becomes in memory is counted, and a file that wants to grow out of proportion is refused.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace narrow {

class Meter {
 public:
  /// For a file of that size: eight times as many bytes and 32 MiB.
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
