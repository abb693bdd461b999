#include "quantize/weights/descent.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "quantize/params.h"
#include "quantize/weights/rounding.h"

namespace narrow {

double descend(std::span<const double> covariance, std::span<const double> w, double scale, double limit,
               std::span<double> q) {
  size_t const n = q.size();
  std::vector<double> slope(n, 0.0);  // G (s q - w)
  for (size_t k = 0; k < n; ++k) {
    double const off = scale * q[k] - w[k];
    if (off == 0) continue;
    const double* const row = covariance.data() + k * n;
    for (size_t j = 0; j < n; ++j) slope[j] += off * row[j];
  }
  constexpr int kRounds = 20;
  bool changed = true;
  for (int round = 0; changed && round < kRounds; ++round) {
    changed = false;
    for (size_t k = 0; k < n; ++k) {
      double const variance = covariance[k * n + k];
      if (!(variance > 0)) continue;
      double const best = std::clamp(std::floor(q[k] - slope[k] / (scale * variance) + 0.5), -limit, limit);
      if (best == q[k]) continue;
      double const step = scale * (best - q[k]);
      const double* const row = covariance.data() + k * n;
      for (size_t j = 0; j < n; ++j) slope[j] += step * row[j];
      q[k] = best;
      changed = true;
    }
  }
  double error = 0;
  for (size_t k = 0; k < n; ++k) error += (scale * q[k] - w[k]) * slope[k];
  return error;
}

std::vector<int16_t> round_by_descent(const ScaledWeights& layer) {
  std::vector<int16_t> out = round_to_nearest(layer);
  if (!layer.objective) return out;
  const WeightObjective& o = *layer.objective;
  double const limit = symmetric_limit(layer.bits);
  std::vector<double> q(o.columns());
  for (size_t c = 0; c < o.channels(); ++c)
    for (size_t b = 0; b < o.blocks(); ++b) {
      auto const w = o.target(c, b);
      double const scale = layer.scale_of(c);
      for (size_t k = 0; k < q.size(); ++k) q[k] = std::clamp(std::round(w[k] / scale), -limit, limit);
      descend(o.covariance(c, b), w, scale, limit, q);
      for (size_t k = 0; k < q.size(); ++k) out[o.element(c, b * q.size() + k)] = static_cast<int16_t>(q[k]);
    }
  return out;
}

}  // namespace narrow
