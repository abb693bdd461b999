// The search for widths: sets of them by the errors of single layers, measured on the way to the smallest good one.
#pragma once

#include <vector>

#include "api/layer_alone.h"
#include "search/width_front.h"

namespace narrow {

/// What a set of widths is made of: how wide weights may be, and from which op on activations have 16 bits.
struct FitStage {
  std::vector<int> widths;  // of weights, rising
  size_t wide_from = SIZE_MAX;
};

class FitSearch {
 public:
  /// `fit` and `layers` outlive it. `base` is the trial with 8 bits everywhere.
  FitSearch(const FitStart& fit, const std::vector<FitLayer>& layers, FitTrial base);

  /// Looks for the smallest set that drops no more than the request allows, with wider and wider activations and
  /// weights until there is one. Errors: those of measure_plan.
  Status search();
  /// Measures the set with most weight bytes, up to `bytes`, of the last stage; nothing where there
  /// is none. Errors: those of measure_plan.
  Result<std::optional<size_t>> largest_within(int64_t bytes);

  const std::vector<FitTrial>& trials() const { return trials_; }
  const WidthPlan& plan(size_t trial) const { return plans_[trial]; }
  /// The trials that drop no more than the request allows, by rising flash, or weight bytes where there is no form in
  /// C.
  std::vector<size_t> kept() const;
  /// The trial that drops least.
  size_t best() const;
  bool keeps(size_t trial) const { return keeps_drop(trials_[trial].drop, fit_.max_drop); }

 private:
  std::vector<FrontPoint> front_of(const FitStage& stage) const;
  Result<size_t> measure(const FitStage& stage, const FrontPoint& point);
  void learn_from(size_t least, const FrontPoint& narrow, size_t most, const FrontPoint& wide);
  Result<bool> find_smallest(const FitStage& stage);
  Result<std::optional<size_t>> cheapest_wide_ops();

  const FitStart& fit_;
  const std::vector<FitLayer>& layers_;
  double gain_ = 1;                    // of the error of all layers together over the sum of what they have alone
  std::optional<double> other_noise_;  // beside that of weights; where both are known
  std::vector<FitTrial> trials_;
  std::vector<WidthPlan> plans_;
  FitStage stage_;  // the last one
};

}  // namespace narrow
