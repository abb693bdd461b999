// The interval that contains the given share of the values. What is cut off is taken from both ends equally, or, for a
// tensor whose values all have one sign, from the far end alone. Quantiles are interpolated inside histogram bins.
#include <algorithm>

#include "quantize/ranges/methods.h"

namespace narrow {
namespace {

/// The value that `share` of all values lie below.
double quantile(const std::vector<Bin>& bins, double total, double share) {
  double below = 0;
  for (const Bin& b : bins) {
    if (below + b.count >= share * total) return b.lo + (b.hi - b.lo) * (share * total - below) / b.count;
    below += b.count;
  }
  return bins.back().hi;
}

}  // namespace

Range percentile_range(const TensorStatistics& s, const IntegerFormat&, double percent) {
  if (s.empty()) return {};
  auto const bins = sorted_bins(s.histogram, s.min, s.max);
  auto const total = static_cast<double>(s.count);
  bool const both_signs = s.min < 0 && s.max > 0;
  double const cut = (1 - percent / 100) / (both_signs ? 2 : 1);
  Range r;
  if (s.min < 0) r.lo = std::min(static_cast<float>(quantile(bins, total, cut)), 0.0F);
  if (s.max > 0) r.hi = std::max(static_cast<float>(quantile(bins, total, 1 - cut)), 0.0F);
  return r;
}

}  // namespace narrow
