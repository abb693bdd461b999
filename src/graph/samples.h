// Samples: where a run's inputs come from, one sample at a time and never all at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace narrow {

/// A finite sequence of samples for one model, with access to sample k at any time. Data sets implement it. All
/// functions may be called from several threads.
class Samples {
 public:
  virtual ~Samples() = default;

  virtual int64_t size() const = 0;

  /// Samples [first, first + count) of input `input`, consecutive and dense, in the element type of the input.
  /// The range lies inside [0, size()); ranges in rising order are the fastest.
  virtual Status read(int64_t first, int count, size_t input, std::byte* out) const = 0;

  /// A fingerprint: equal for equal samples and most likely different for others. A resumed run compares it.
  virtual uint64_t fingerprint() const = 0;
};

}  // namespace narrow
