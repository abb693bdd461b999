// Samples: where a run's inputs come from, one sample at a time and never all at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace narrow {

/// A finite sequence of samples for one model. Data sets implement it; so may anything else that can answer for
/// sample k at any time. All functions may be called from several threads.
class Samples {
 public:
  virtual ~Samples() = default;

  virtual int64_t size() const = 0;

  /// Samples [first, first + count) of input `input`, one behind the other, dense, in the input's own element type.
  /// The range lies inside [0, size()); nearly rising ranges are the fastest to serve.
  virtual Status read(int64_t first, int count, size_t input, std::byte* out) const = 0;

  /// The same for the same samples, and most likely different for others; what a resumed run compares.
  virtual uint64_t fingerprint() const = 0;
};

}  // namespace narrow
