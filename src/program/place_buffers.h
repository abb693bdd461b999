// Offsets of buffers in one piece of memory, as little of it as a search finds.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/liveness.h"

namespace narrow {

/// A buffer that holds something from step `life.first` to step `life.last`.
struct Buffer {
  Lifetime life;
  int64_t bytes = 0;
  int64_t alignment = 1;  // of its offset; a power of two
};

/// Open intervals in which offset(b) - offset(a) must not lie, in place of what otherwise keeps two buffers apart that
/// live at the same time.
struct Apart {
  struct Interval {
    int64_t above = 0;  // the difference is at most this, or
    int64_t below = 0;  // at least this
  };
  size_t a = 0, b = 0;
  std::vector<Interval> forbidden;
  std::optional<int64_t> wanted;  // the difference that saves work, where memory does not decide
};

struct Placement {
  std::vector<int64_t> offsets;  // by buffer
  int64_t bytes = 0;             // where the last one ends
};

/// Changes of the order that are worth their time where a program is made once.
inline constexpr size_t kManyTrials = 3000;

/// Places the buffers so that no two overlap in time and memory but as `apart` allows. Buffers are placed one after the
/// other, each at the lowest offset that is free; the order that takes least memory is looked for from several
/// beginnings, with at most `trials` changes of it, so that the result is always the same. What is free to move then
/// goes where it is wanted.
Placement place_buffers(const std::vector<Buffer>& buffers, const std::vector<Apart>& apart,
                        size_t trials = kManyTrials);

}  // namespace narrow
