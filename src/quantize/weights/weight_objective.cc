#include "quantize/weights/weight_objective.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "quantize/weights/cholesky.h"

namespace narrow {
namespace {

constexpr double kFeedback = 0.1;      // of the mean variance: how much the given weights count in prefix feedback
constexpr int64_t kFeedbackRows = 20;  // for each column, or feedback follows chance
constexpr double kDamping = 0.01;      // of the mean variance, on the diagonal

/// The mean of the diagonal.
double mean_variance(std::span<const double> matrix, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += matrix[i * n + i];
  return sum / static_cast<double>(n);
}

std::vector<double> with_diagonal(std::span<const double> matrix, size_t n, double added) {
  std::vector<double> out(matrix.begin(), matrix.end());
  for (size_t i = 0; i < n; ++i) out[i * n + i] += added;
  return out;
}

}  // namespace

WeightObjective::WeightObjective(const Tensor& weights, int axis, const InputMoments& moments, const Options& options)
    : channels_(static_cast<size_t>(weights.shape[axis])),
      columns_(static_cast<size_t>(moments.columns)),
      blocks_(static_cast<size_t>(moments.blocks)),
      groups_(static_cast<size_t>(moments.groups)),
      axis_(axis) {
  set_covariances(moments, options.centred);
  set_targets(weights);
  bool const enough = moments.rows >= kFeedbackRows * moments.columns * moments.blocks;
  if (options.feedback && enough && !moments.cross.empty()) feed_back(moments, options.centred);
  if (options.gptq) factorize();
}

void WeightObjective::set_covariances(const InputMoments& moments, bool centred) {
  covariances_ = moments.second;
  if (!centred) return;
  size_t const n = columns_;
  for (size_t m = 0; m < groups_ * blocks_; ++m)
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j)
        covariances_[(m * n + i) * n + j] -= moments.mean[m * n + i] * moments.mean[m * n + j];
}

void WeightObjective::set_targets(const Tensor& weights) {
  auto const w = weights.values<float>();
  for (size_t c = 0; c < channels_; ++c)
    for (size_t k = 0; k < columns_ * blocks_; ++k) targets_.push_back(static_cast<double>(w[element(c, k)]));
}

void WeightObjective::feed_back(const InputMoments& moments, bool centred) {
  size_t const n = columns_;
  std::vector<double> right(n);
  for (size_t m = 0; m < groups_ * blocks_; ++m) {
    std::span<const double> const g{covariances_.data() + m * n * n, n * n};
    double const lambda = kFeedback * mean_variance(g, n);
    std::vector<double> const lower = cholesky(with_diagonal(g, n, lambda), n);
    if (lower.empty()) continue;
    for (size_t c = 0; c < channels_; ++c) {
      size_t const block = m % blocks_;
      if (matrix(c, block) != m) continue;
      double* const w = targets_.data() + (c * blocks_ + block) * n;
      double mean = 0;
      for (size_t j = 0; j < n; ++j) mean += moments.float_mean[m * n + j] * w[j];
      for (size_t i = 0; i < n; ++i) {
        double sum = lambda * w[i];
        for (size_t j = 0; j < n; ++j) sum += moments.cross[(m * n + i) * n + j] * w[j];
        right[i] = centred ? sum - moments.mean[m * n + i] * mean : sum;
      }
      solve_cholesky(lower, right);
      std::copy(right.begin(), right.end(), w);
    }
  }
}

void WeightObjective::factorize() {
  size_t const n = columns_;
  factors_.resize(covariances_.size());
  orders_.resize(groups_ * blocks_ * n);
  for (size_t m = 0; m < groups_ * blocks_; ++m) {
    std::span<const double> const g{covariances_.data() + m * n * n, n * n};
    std::span<int> const order{orders_.data() + m * n, n};
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return g[static_cast<size_t>(a) * (n + 1)] > g[static_cast<size_t>(b) * (n + 1)];
    });
    double const damping = kDamping * mean_variance(g, n);
    std::vector<double> permuted(n * n);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j)
        permuted[i * n + j] =
            g[static_cast<size_t>(order[i]) * n + static_cast<size_t>(order[j])] + (i == j ? damping : 0);
    std::vector<double> factor = factor_of_inverse(permuted, n);
    if (factor.empty()) {  // nothing is known of how columns go together
      factor.assign(n * n, 0.0);
      for (size_t i = 0; i < n; ++i) factor[i * n + i] = 1;
    }
    std::copy(factor.begin(), factor.end(), factors_.begin() + static_cast<int64_t>(m * n * n));
  }
}

double WeightObjective::error(size_t channel, double scale, std::span<const int16_t> integers) const {
  double total = 0;
  size_t const n = columns_;
  std::vector<double> off(n);
  for (size_t b = 0; b < blocks_; ++b) {
    auto const w = target(channel, b);
    auto const g = covariance(channel, b);
    for (size_t k = 0; k < n; ++k) off[k] = scale * integers[element(channel, b * n + k)] - w[k];
    for (size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (size_t j = 0; j < n; ++j) sum += g[i * n + j] * off[j];
      total += off[i] * sum;
    }
  }
  return total;
}

std::vector<double> corrected_bias(const std::vector<double>& bias, const Tensor& weights, int axis,
                                   const InputMoments& moments, std::span<const int16_t> integers,
                                   std::span<const float> scales, float input_scale) {
  auto const w = weights.values<float>();
  size_t const channels = bias.size(), columns = w.size() / channels;
  size_t const each = channels / static_cast<size_t>(moments.groups);
  std::vector<double> out = bias;
  for (size_t c = 0; c < channels; ++c) {
    double const scale = static_cast<double>(scales[scales.size() > 1 ? c : 0]);
    double off = 0;
    for (size_t k = 0; k < columns; ++k) {
      size_t const e = weight_element(axis, channels, columns, c, k), m = c / each * columns + k;
      off += moments.float_mean[m] * static_cast<double>(w[e]) - moments.mean[m] * scale * integers[e];
    }
    out[c] += off * static_cast<double>(input_scale);
  }
  return out;
}

}  // namespace narrow
