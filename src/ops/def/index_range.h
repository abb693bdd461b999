// Positions that operands hold when an op runs, and what they may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "graph/tensor.h"

namespace narrow {

/// The integers from `first` to `last`.
struct IndexRange {
  int64_t first = 0;
  int64_t last = 0;
  bool operator==(const IndexRange&) const = default;
};

inline constexpr IndexRange kAnyIndex{std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};

/// A computed operand whose integers must lie in given ranges each time the op runs.
struct CheckedIndices {
  size_t operand = 0;
  const char* what = "";            // plural, for messages: "positions"
  DType dtype = DType::int32;       // int16, int32 or int64
  size_t count = 0;                 // integers of one sample
  std::vector<IndexRange> columns;  // of integer i: columns[i % columns.size()]; at least one
};

/// What is wrong with the first of `count` integers that lies outside of its range; empty where none does.
std::string first_outside(DType dtype, const void* integers, size_t count, const char* what,
                          const std::vector<IndexRange>& columns);

}  // namespace narrow
