#include "search/expected_top1.h"

#include <cmath>

namespace narrow {
namespace {

/// The class other than `label` with the largest value.
size_t rival_of(std::span<const float> values, size_t label) {
  size_t best = label == 0 ? 1 : 0;
  for (size_t k = 0; k < values.size(); ++k)
    if (k != label && values[k] > values[best]) best = k;
  return best;
}

}  // namespace

ExpectedTop1 expected_top1(const OutputValues& real, const OutputValues& quantized, size_t output,
                           std::span<const int64_t> labels) {
  std::vector<double> margins;
  double squares = 0;
  for (int64_t s = 0; s < real.samples; ++s) {
    auto const f = real.of(s, output), q = quantized.of(s, output);
    auto const label = static_cast<size_t>(labels[static_cast<size_t>(s)]);
    if (f.size() < 2 || label >= f.size()) continue;
    size_t const rival = rival_of(f, label);
    double const margin = static_cast<double>(f[label]) - static_cast<double>(f[rival]);
    double const off = static_cast<double>(q[label]) - static_cast<double>(q[rival]) - margin;
    margins.push_back(margin);
    squares += off * off;
  }
  ExpectedTop1 out;
  double const deviation = std::sqrt(squares / static_cast<double>(std::max<size_t>(margins.size(), 1)));
  for (double const m : margins) {
    out.float_right += m > 0 ? 1 : 0;
    out.right += deviation > 0 ? 0.5 * std::erfc(-m / deviation * M_SQRT1_2) : m > 0 ? 1 : 0;
  }
  return out;
}

}  // namespace narrow
