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

/// The chance that the label's value is the largest with normal errors of deviation `noise` on each: the integral over
/// its own error t of the product of the chances that no other value gets beyond it.
double right_chance(std::span<const float> values, size_t label, double noise) {
  constexpr double kReach = 4, kCertain = 6;
  constexpr int kSteps = 32;
  double sum = 0, weights = 0;
  for (int step = 0; step < kSteps; ++step) {
    double const t = kReach * ((2 * step + 1.0) / kSteps - 1), weight = std::exp(-t * t / 2);
    double product = 1;
    for (size_t k = 0; k < values.size(); ++k) {
      double const ahead = (static_cast<double>(values[label]) - static_cast<double>(values[k])) / noise + t;
      if (k != label && ahead < kCertain) product *= 0.5 * std::erfc(-ahead * M_SQRT1_2);
    }
    sum += weight * product;
    weights += weight;
  }
  return sum / weights;
}

/// Margins of the float model, and the errors of these.
struct Margins {
  std::vector<double> margins, errors;

  double deviation() const {
    double mean = 0, squares = 0;
    for (double const m : margins) mean += m / count(), squares += m * m / count();
    return std::sqrt(std::max(squares - mean * mean, 0.0));
  }
  /// The deviation of errors, without the part in proportion to margins.
  double noise() const {
    double mean_m = 0, mean_e = 0, squares = 0, products = 0, sum = 0;
    for (double const m : margins) mean_m += m / count();
    for (double const e : errors) mean_e += e / count();
    for (size_t i = 0; i < margins.size(); ++i) {
      squares += (margins[i] - mean_m) * (margins[i] - mean_m);
      products += (margins[i] - mean_m) * (errors[i] - mean_e);
    }
    double const slope = squares > 0 ? products / squares : 0;
    for (size_t i = 0; i < margins.size(); ++i) sum += std::pow(errors[i] - slope * margins[i], 2);
    return std::sqrt(sum / count());
  }
  double count() const { return static_cast<double>(margins.size()); }
};

}  // namespace

Top1Loss top1_loss(const LabelledOutputs& every, const LabelledOutputs& real, const OutputValues& quantized,
                   size_t output, double measured) {
  Top1Loss out{.measured = measured};
  out.estimate = measured;
  auto margin = [&](std::span<const float> f, size_t label, size_t rival) {
    return static_cast<double>(f[label]) - static_cast<double>(f[rival]);
  };
  Margins all;
  for (int64_t s = 0; s < real.values.samples; ++s) {
    auto const f = real.values.of(s, output), q = quantized.of(s, output);
    auto const label = static_cast<size_t>(real.labels[static_cast<size_t>(s)]);
    if (f.size() < 2 || label >= f.size()) return out;
    size_t const rival = rival_of(f, label);
    all.margins.push_back(margin(f, label, rival));
    all.errors.push_back(margin(q, label, rival) - all.margins.back());
  }
  double const noise = all.noise();
  if (!(noise > 0)) return out;
  double const wide = std::max(noise, kLeastNoise * all.deviation());
  auto const samples = static_cast<double>(every.values.samples);
  for (int64_t s = 0; s < every.values.samples; ++s) {  // errors of margins are differences of two classes' errors
    auto const f = every.values.of(s, output);
    auto const label = static_cast<size_t>(every.labels[static_cast<size_t>(s)]);
    bool const right = margin(f, label, rival_of(f, label)) > 0;
    double const chance = right_chance(f, label, noise * M_SQRT1_2);
    out.expected += ((right ? 1 : 0) - right_chance(f, label, wide * M_SQRT1_2)) / samples;
    out.changed += (right ? 1 - chance : chance) / samples;
  }
  out.expected *= noise / wide * (noise / wide);
  double const stray = kStray * out.changed, chance = std::sqrt(out.changed / all.count());
  double const weight = stray > 0 ? stray * stray / (stray * stray + chance * chance) : 0;
  out.estimate = out.expected + weight * std::max(measured - out.expected, 0.0);
  out.deviation = stray * std::sqrt(1 - weight);
  return out;
}

}  // namespace narrow
