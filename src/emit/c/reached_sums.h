// The least and the greatest sum of products that a layer's channels can make.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/def/kernel_call.h"

namespace narrow {

/// All integers from `least` to `greatest`.
struct IntegerRange {
  int64_t least = 0;
  int64_t greatest = 0;
};

/// By output channel: what the sum of products of a call of a layer kernel reaches, its bias left out, where each input
/// may be anything in `input`, which contains the zero point. Products with padding are not made. `weights`: as the
/// kernel takes them.
std::vector<IntegerRange> reached_sums(const KernelCall& call, const std::vector<int64_t>& weights,
                                       const IntegerRange& input);

}  // namespace narrow
