#include "calibrate/summary.h"

#include <algorithm>
#include <cmath>

namespace narrow {
namespace {

constexpr double kDeviations = 6;
constexpr double kLeftOut = 0.5e-4;  // share of the values at each end

double middle(const Bin& bin) {
  return (bin.lo + bin.hi) / 2;
}

/// The value that so many of all values are below.
double value_at(const std::vector<Bin>& bins, double rank) {
  double below = 0;
  for (const Bin& b : bins) {
    if (below + b.count > rank) return b.lo + (b.hi - b.lo) * (rank - below) / b.count;
    below += b.count;
  }
  return bins.back().hi;
}

}  // namespace

StatisticsSummary summarize(const TensorStatistics& statistics) {
  StatisticsSummary out;
  out.counts.assign(kSummaryParts, 0);
  std::vector<Bin> const bins = sorted_bins(statistics.histogram, statistics.min, statistics.max);
  if (bins.empty()) return out;
  double total = 0, sum = 0, squares = 0;
  for (const Bin& b : bins) {
    total += b.count;
    sum += b.count * middle(b);
  }
  out.mean = sum / total;
  for (const Bin& b : bins) squares += b.count * (middle(b) - out.mean) * (middle(b) - out.mean);
  out.deviation = std::sqrt(squares / total);
  double const lo = statistics.min, width = static_cast<double>(statistics.max) - lo;
  for (const Bin& b : bins) {
    if (std::abs(middle(b) - out.mean) > kDeviations * out.deviation) out.outliers += static_cast<uint64_t>(b.count);
    int const part = width > 0 ? static_cast<int>((middle(b) - lo) / width * kSummaryParts) : 0;
    out.counts[static_cast<size_t>(std::clamp(part, 0, kSummaryParts - 1))] += static_cast<uint64_t>(b.count);
  }
  out.lo = value_at(bins, kLeftOut * total);
  out.hi = value_at(bins, (1 - kLeftOut) * total);
  return out;
}

}  // namespace narrow
