#include "api/fit_search.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace narrow {
namespace {

constexpr size_t kFrontPoints = 17;  // of a stage: four trials and both ends find one

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
    : fit_(fit), layers_(layers) {
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
      options.back().push_back(
          {bytes_at(layer.weights, layer.alone ? bits : 8), noise_at(layer.alone.value_or(0), bits)});
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
  NARROW_TRY(ChainTrial const made, quantize_plan(fit_, plan, true));
  NARROW_TRY(FitTrial trial, measure_plan(fit_, plan, made.quantized));
  trial.weight_bits = std::move(bits);
  if (other_noise_) trial.predicted_db = decibels_of(std::max(*other_noise_ + gain_ * point.noise, 0.0));
  if (fit_.max_drop.unit == MostDrop::Unit::decibels) trial.drop = trials_.front().sqnr_db - trial.sqnr_db;
  trials_.push_back(std::move(trial));
  plans_.push_back(std::move(plan));
  return trials_.size() - 1;
}

/// What trials of a stage between two that were measured are predicted to be like.
void FitSearch::learn_from(size_t least, const FrontPoint& narrow, size_t most, const FrontPoint& wide) {
  double const more = std::pow(10, -trials_[least].sqnr_db / 10), less = std::pow(10, -trials_[most].sqnr_db / 10);
  if (!(narrow.noise > wide.noise) || !(more > less)) return;
  gain_ = (more - less) / (narrow.noise - wide.noise);
  other_noise_ = less - gain_ * wide.noise;
}

/// Measures the ends of a stage's front, and what lies between where the drop allows one end and not the other. Whether
/// one was found that it allows.
Result<bool> FitSearch::find_smallest(const FitStage& stage) {
  stage_ = stage;
  std::vector<FrontPoint> const front = spread(front_of(stage), kFrontPoints);
  other_noise_.reset();
  NARROW_TRY(size_t const least, measure(stage, front.front()));
  if (keeps(least)) return true;
  NARROW_TRY(size_t const most, measure(stage, front.back()));
  if (!keeps(most)) return false;
  learn_from(least, front.front(), most, front.back());
  size_t bad = 0, good = front.size() - 1;
  while (good - bad > 1) {
    size_t const middle = (bad + good) / 2;
    NARROW_TRY(size_t const trial, measure(stage, front[middle]));
    (keeps(trial) ? good : bad) = middle;
  }
  return true;
}

/// The op from which on 16-bit activations keep within the drop, with 8-bit weights: of those tried, the one that takes
/// least flash and RAM.
Result<std::optional<size_t>> FitSearch::cheapest_wide_ops() {
  std::vector<size_t> starts;  // at layers, the whole network first
  for (const FitLayer& layer : layers_) starts.push_back(starts.empty() ? 0 : layer.op);
  std::optional<size_t> best;
  int64_t least = 0;
  auto keeps_from = [&](size_t k) -> Result<bool> {
    FitStage const stage{{8}, starts[k]};
    NARROW_TRY(size_t const trial, measure(stage, front_of(stage).front()));
    const FitTrial& t = trials_[trial];
    int64_t const takes = t.flash_bytes.value_or(0) + t.ram_bytes.value_or(0);
    if (!keeps(trial)) return false;
    if (!best || takes <= least) best = starts[k], least = takes;
    return true;
  };
  NARROW_TRY(bool const all, keeps_from(0));
  size_t good = 0, bad = starts.size();
  while (all && bad - good > 1) {
    size_t const middle = (bad + good) / 2;
    NARROW_TRY(bool const kept, keeps_from(middle));
    (kept ? good : bad) = middle;
  }
  return best;
}

Status FitSearch::search() {
  NARROW_TRY(bool found, find_smallest({{4, 8}}));
  if (found) return {};
  NARROW_TRY(auto const from, cheapest_wide_ops());
  NARROW_TRY(found, find_smallest(from ? FitStage{{4, 8}, *from} : FitStage{{8, 16}, 0}));
  return {};
}

std::vector<size_t> FitSearch::kept() const {
  auto const takes = [&](size_t k) {
    const FitTrial& t = trials_[k];
    return std::tuple(t.flash_bytes.value_or(t.weight_bytes), t.weight_bytes, t.ram_bytes.value_or(0));
  };
  std::vector<size_t> out;
  for (size_t k = 0; k < trials_.size(); ++k)
    if (keeps(k)) out.push_back(k);
  std::ranges::stable_sort(out, {}, takes);
  return out;
}

Result<std::optional<size_t>> FitSearch::largest_within(int64_t bytes) {
  std::vector<FrontPoint> const front = front_of(stage_);
  auto const above = std::ranges::find_if(front, [&](const FrontPoint& p) { return p.bytes > bytes; });
  if (above == front.begin()) return std::optional<size_t>();
  NARROW_TRY(size_t const trial, measure(stage_, *std::prev(above)));
  return std::optional(trial);
}

}  // namespace narrow
