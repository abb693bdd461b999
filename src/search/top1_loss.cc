#include "search/top1_loss.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace narrow {
namespace {

constexpr double kLeastNoise = 0.5;  // of the margins' deviation
constexpr double kStray = 0.1;       // of the samples that change

/// The class other than `label` with the largest value.
size_t rival_of(std::span<const float> values, size_t label) {
  size_t best = label == 0 ? 1 : 0;
  for (size_t k = 0; k < values.size(); ++k)
    if (k != label && values[k] > values[best]) best = k;
  return best;
}

double normal_distribution(double z) {
  return 0.5 * std::erfc(-z * M_SQRT1_2);
}

double deviation_of(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (double const v : values) sum += v, squares += v * v;
  auto const n = static_cast<double>(values.size());
  return std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.0));
}

}  // namespace

Top1Loss top1_loss(const OutputValues& real, const OutputValues& quantized, size_t output,
                   std::span<const int64_t> labels, double measured) {
  Top1Loss out{.measured = measured};
  out.estimate = measured;
  std::vector<double> margins;
  double squares = 0;
  for (int64_t s = 0; s < real.samples; ++s) {
    auto const f = real.of(s, output), q = quantized.of(s, output);
    auto const label = static_cast<size_t>(labels[static_cast<size_t>(s)]);
    if (f.size() < 2 || label >= f.size()) return out;
    size_t const rival = rival_of(f, label);
    double const margin = static_cast<double>(f[label]) - static_cast<double>(f[rival]);
    double const off = static_cast<double>(q[label]) - static_cast<double>(q[rival]) - margin;
    margins.push_back(margin);
    squares += off * off;
  }
  auto const n = static_cast<double>(margins.size());
  double const noise = std::sqrt(squares / n);
  if (!(noise > 0)) return out;
  double const wide = std::max(noise, kLeastNoise * deviation_of(margins));
  for (double const m : margins) {
    out.expected += ((m > 0 ? 1 : 0) - normal_distribution(m / wide)) / n;
    out.changed += normal_distribution(-std::fabs(m) / noise) / n;
  }
  out.expected *= noise / wide * (noise / wide);
  double const stray = kStray * out.changed, chance = std::sqrt(out.changed / n);
  double const weight = stray * stray / (stray * stray + chance * chance);
  out.estimate = out.expected + weight * (measured - out.expected);
  out.deviation = stray * std::sqrt(1 - weight);
  return out;
}

}  // namespace narrow
