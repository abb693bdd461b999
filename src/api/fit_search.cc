#include "api/fit_search.h"

#include <algorithm>
#include <cmath>

namespace narrow {
namespace {

constexpr size_t kFrontPoints = 33;  // of a stage: five trials and both ends find one

/// The error of weights of `bits` where that of 4-bit ones is `alone`: steps are as wide as the largest integer is
/// small.
double noise_at(double alone, int bits) {
  double const step = 7.0 / (std::exp2(bits - 1) - 1);
  return alone * step * step;
}

int64_t bytes_at(int64_t weights, int bits) {
  return bits == 4 ? (weights + 1) / 2 : weights * (bits > 8 ? 2 : 1);
}

}  // namespace

FitSearch::FitSearch(const FitStart& fit, const std::vector<FitLayer>& layers, FitTrial base)
    : fit_(fit), layers_(layers), base_noise_(std::pow(10, -base.sqnr_db / 10)) {
  for (const FitLayer& layer : layers) base_noise_ -= noise_at(layer.alone.value_or(0), 8);
  base.predicted_db = base.sqnr_db;
  base.weight_bits.assign(layers.size(), 8);
  trials_.push_back(std::move(base));
  plans_.emplace_back();
}

size_t FitSearch::best() const {
  auto const drop = [](const FitTrial& t) { return t.drop; };
  return static_cast<size_t>(std::ranges::min_element(trials_, {}, drop) - trials_.begin());
}

std::vector<FrontPoint> FitSearch::front_of(const FitStage& stage) const {
  std::vector<std::vector<WidthOption>> options;
  for (const FitLayer& layer : layers_) {
    options.emplace_back();
    for (int const bits : stage.widths)
      options.back().push_back({bytes_at(layer.weights, layer.alone ? bits : 8), noise_at(layer.alone.value_or(0), bits)});
  }
  return width_front(options);
}

Result<size_t> FitSearch::measure(const FitStage& stage, const FrontPoint& point) {
  WidthPlan plan{.wide_from = stage.wide_from};
  std::vector<int> bits(layers_.size(), 8);
  for (size_t l = 0; l < layers_.size(); ++l) {
    if (layers_[l].alone) bits[l] = stage.widths[point.options[l]];
    if (bits[l] != 8) plan.weights.emplace_back(layers_[l].op, bits[l]);
  }
  auto const known = std::ranges::find(plans_, plan);
  if (known != plans_.end()) return static_cast<size_t>(known - plans_.begin());
  NARROW_TRY(FitTrial trial, try_plan(fit_, plan));
  trial.weight_bits = std::move(bits);
  trial.predicted_db = decibels_of(std::max(base_noise_ + point.noise, 0.0));
  if (fit_.max_drop.unit == MostDrop::Unit::decibels) trial.drop = trials_.front().sqnr_db - trial.sqnr_db;
  trials_.push_back(std::move(trial));
  plans_.push_back(std::move(plan));
  return trials_.size() - 1;
}

Result<std::optional<size_t>> FitSearch::smallest(const FitStage& stage) {
  std::vector<FrontPoint> const front = spread(front_of(stage), kFrontPoints);
  NARROW_TRY(size_t const least, measure(stage, front.front()));
  if (keeps(least)) return std::optional(least);
  NARROW_TRY(size_t found, measure(stage, front.back()));
  if (!keeps(found)) return std::optional<size_t>();
  size_t bad = 0, good = front.size() - 1;
  while (good - bad > 1) {
    size_t const middle = (bad + good) / 2;
    NARROW_TRY(size_t const trial, measure(stage, front[middle]));
    (keeps(trial) ? good : bad) = middle;
    if (keeps(trial)) found = trial;
  }
  return std::optional(found);
}

/// The op from which on 16-bit activations keep within the drop, with 8-bit weights.
Result<std::optional<size_t>> FitSearch::fewest_wide_ops() {
  std::vector<size_t> starts;  // at layers, the whole network first
  for (const FitLayer& layer : layers_) starts.push_back(starts.empty() ? 0 : layer.op);
  auto keeps_from = [&](size_t k) -> Result<bool> {
    FitStage const stage{{8}, starts[k]};
    NARROW_TRY(size_t const trial, measure(stage, front_of(stage).front()));
    return keeps(trial);
  };
  NARROW_TRY(bool const all, keeps_from(0));
  if (!all) return std::optional<size_t>();
  size_t good = 0, bad = starts.size();
  while (bad - good > 1) {
    size_t const middle = (bad + good) / 2;
    NARROW_TRY(bool const kept, keeps_from(middle));
    (kept ? good : bad) = middle;
  }
  return std::optional(starts[good]);
}

Status FitSearch::search() {
  stage_ = {{4, 8}};
  NARROW_TRY(chosen_, smallest(stage_));
  if (chosen_) return {};
  NARROW_TRY(auto const from, fewest_wide_ops());
  stage_ = from ? FitStage{{4, 8}, *from} : FitStage{{8, 16}, 0};
  NARROW_TRY(chosen_, smallest(stage_));
  return {};
}

Result<std::optional<size_t>> FitSearch::largest_within(int64_t bytes) {
  std::vector<FrontPoint> const front = front_of(stage_);
  auto const above = std::ranges::find_if(front, [&](const FrontPoint& p) { return p.bytes > bytes; });
  if (above == front.begin()) return std::optional<size_t>();
  NARROW_TRY(size_t const trial, measure(stage_, *std::prev(above)));
  return std::optional(trial);
}

}  // namespace narrow
