// GPTQ: E. Frantar, S. Ashkboos, T. Hoefler, D. Alistarh, "GPTQ: Accurate Post-Training Quantization for Generative
// Pre-trained Transformers", 2022.
#include <algorithm>
#include <cmath>

#include "quantize/params.h"
#include "quantize/weights/descent.h"
#include "quantize/weights/rounding.h"

namespace narrow {
namespace {

/// The integers of a block of a channel, column by column.
void round_in_order(const WeightObjective& o, size_t channel, size_t block, double scale, double limit,
                    std::span<double> q) {
  auto const w = o.target(channel, block);
  auto const order = o.order(channel, block);
  auto const factor = o.factor(channel, block);
  size_t const n = q.size();
  std::vector<double> rest(n);  // weights in order, as far as they are not rounded
  for (size_t i = 0; i < n; ++i) rest[i] = w[static_cast<size_t>(order[i])];
  for (size_t i = 0; i < n; ++i) {
    double const integer = std::clamp(std::round(rest[i] / scale), -limit, limit);
    q[static_cast<size_t>(order[i])] = integer;
    const double* const row = factor.data() + i * n;
    double const error = (rest[i] - scale * integer) / row[i];
    for (size_t j = i + 1; j < n; ++j) rest[j] -= error * row[j];
  }
}

}  // namespace

std::vector<int16_t> round_by_gptq(const ScaledWeights& layer) {
  std::vector<int16_t> out = round_to_nearest(layer);
  if (!layer.objective) return out;
  const WeightObjective& o = *layer.objective;
  double const limit = symmetric_limit(layer.bits);
  std::vector<double> q(o.columns()), other(o.columns());
  for (size_t c = 0; c < o.channels(); ++c)
    for (size_t b = 0; b < o.blocks(); ++b) {
      double const scale = layer.scale_of(c);
      auto const w = o.target(c, b);
      for (size_t k = 0; k < q.size(); ++k) q[k] = std::clamp(std::round(w[k] / scale), -limit, limit);
      double const error = descend(o.covariance(c, b), w, scale, limit, q);
      round_in_order(o, c, b, scale, limit, other);
      if (descend(o.covariance(c, b), w, scale, limit, other) < error) q = other;
      for (size_t k = 0; k < q.size(); ++k) out[o.element(c, b * q.size() + k)] = static_cast<int16_t>(q[k]);
    }
  return out;
}

}  // namespace narrow
