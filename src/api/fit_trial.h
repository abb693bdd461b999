// One set of widths, quantized whole, costed and measured.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/chain_trial.h"
#include "api/fit_recipe.h"
#include "narrow/fit.h"
#include "search/top1_loss.h"

namespace narrow {

/// Samples that models are measured on, and what the float model makes of them.
struct FitYardstick {
  DataSource data{};
  std::vector<std::string> given_out{};  // names of the outputs, then of what decides instead; empty where they decide
  size_t first_deciding = 0;             // so many outputs come before what decides
  LabelledOutputs real{};                // labels: one for each sample, or none
  LabelledOutputs every{};               // of all samples that have labels, calibrated with or not
  int64_t right = 0;                     // samples of `real` that the float model gets right
};

/// Samples, with a label for each or none.
struct LabelledData {
  DataSource data;
  std::vector<int64_t> labels;
};

/// Everything that trials of a request have in common.
struct FitStart {
  const TrialStart& start;
  QualityChain chain;
  CalibratedModel calibrated;  // for it
  DataSource calibration;
  FitYardstick yardstick;
  MostDrop max_drop;
  int threads = 1;

  const Graph& graph() const { return calibrated.model->graphs[static_cast<size_t>(start.entry)]; }
};

/// The yardstick for all samples of `measured`; `every` is run where there are labels. Errors: those of the runs.
Result<FitYardstick> make_yardstick(const TrialStart& start, const LabelledData& measured, const LabelledData& every,
                                    int threads);

/// What a model gives out for all samples of `data`. Errors: those of the run.
Result<OutputValues> given_out(const TrialStart& start, const Model& model, const std::vector<std::string>& names,
                               const DataSource& data, int threads);

/// The error of what decides, beside its signal, summed over its tensors.
double relative_noise(const OutputValues& real, const OutputValues& other, size_t first);

/// The model of a plan. Errors: those of quantize and choose_weights.
Result<ChainTrial> quantize_plan(const FitStart& fit, const WidthPlan& plan, bool by_width);

/// What a quantized model takes: weights, flash and RAM; nothing else is set.
FitTrial costs_of(const QuantizedModel& quantized, const std::string& signature);

/// Costs and measures what quantize_plan gave for a plan. `weight_bits`, `predicted_db` and drops in decibels are not
/// set.
Result<FitTrial> measure_plan(const FitStart& fit, const WidthPlan& plan, const QuantizedModel& quantized);

/// Whether a drop is no more than is allowed, in hundredths, as drops are shown.
inline bool keeps_drop(double drop, const MostDrop& most) {
  return drop <= most.value + 0.005;
}

/// Decibels of a ratio of noise and signal: infinite where there is no noise.
double decibels_of(double relative_noise);

}  // namespace narrow
