// Summary: what a person wants to know of the values of a tensor, from its histogram.
#pragma once

#include <cstdint>
#include <vector>

#include "calibrate/statistics.h"

namespace narrow {

struct StatisticsSummary {
  double mean = 0;
  double deviation = 0;
  uint64_t outliers = 0;  // values farther from the mean than six standard deviations
  double lo = 0, hi = 0;  // the interval that leaves out one value in 20,000 at each end: 99.99 % of the values
  std::vector<uint64_t> counts{};  // of `kSummaryParts` equal parts from the smallest to the largest value
};

inline constexpr int kSummaryParts = 32;

/// From bins of which each is at most 1 % wide of its values, and so as exact. Of statistics with a histogram and at
/// least one finite value.
StatisticsSummary summarize(const TensorStatistics& statistics);

}  // namespace narrow
