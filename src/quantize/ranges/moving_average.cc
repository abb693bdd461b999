// Exponential smoothing of each sample's extent in the order of samples, the first one as it is.
#include <algorithm>

#include "quantize/ranges/methods.h"

namespace narrow {
namespace {

constexpr double kKept = 0.95;  // share of what was there before a sample; the factor AI Edge Quantizer uses

}  // namespace

Range moving_average_range(const TensorStatistics& s, const IntegerFormat&, double) {
  double lo = 0;
  double hi = 0;
  bool first = true;
  for (const SampleRange& sample : s.samples) {
    if (sample.min > sample.max) continue;
    auto const min = static_cast<double>(sample.min);
    auto const max = static_cast<double>(sample.max);
    lo = first ? min : kKept * lo + (1 - kKept) * min;
    hi = first ? max : kKept * hi + (1 - kKept) * max;
    first = false;
  }
  return {std::min(static_cast<float>(lo), 0.0F), std::max(static_cast<float>(hi), 0.0F)};
}

}  // namespace narrow
