#include "api/fit_trial.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "api/data.h"
#include "api/output_steps.h"
#include "api/prepared_program.h"
#include "ops/def/totals.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr double kCaution = 0.25;  // deviations that are added to what a trial is estimated to lose

/// Samples whose first output is largest at their label; ties go to the first.
int64_t right_of(const OutputValues& values, const std::vector<int64_t>& labels) {
  int64_t right = 0;
  for (size_t s = 0; s < labels.size(); ++s) {
    auto const y = values.of(static_cast<int64_t>(s), 0);
    right += std::ranges::max_element(y) - y.begin() == labels[s];
  }
  return right;
}

/// Bytes of the layers' weights in files and C.
int64_t stored_weight_bytes(const Model& packed) {
  int64_t bytes = 0;
  for (const Graph& graph : packed.graphs) {
    std::set<int> counted;
    for (const Op& op : graph.ops)
      for (size_t i = 0; op.def && i < op.inputs.size(); ++i) {
        int const t = op.inputs[i];
        if (t == kNoTensor || op.def->quant.role(i) != Role::weight || !counted.insert(t).second) continue;
        bytes += storage_bytes(graph.tensor(t).dtype, graph.tensor(t).elements()).value_or(0);
      }
  }
  return bytes;
}

}  // namespace

double decibels_of(double relative_noise) {
  return relative_noise > 0 ? -10 * std::log10(relative_noise) : std::numeric_limits<double>::infinity();
}

double relative_noise(const OutputValues& real, const OutputValues& other, size_t first) {
  double noise = 0;
  for (size_t i = first; i < real.sizes.size(); ++i) {
    OutputError const e = output_error(real, other, i);
    if (e.noise > 0) noise += e.signal > 0 ? e.noise / e.signal : 1;
  }
  return noise / static_cast<double>(std::max<size_t>(real.sizes.size() - first, 1));
}

Result<OutputValues> given_out(const TrialStart& start, const Model& model, const std::vector<std::string>& names,
                               const DataSource& data, int threads) {
  auto const shown = giving_out(model, start.entry, names);
  NARROW_TRY(auto const opened, open_data(*shown, data, start.entry));
  RunOptions how;
  how.entry = start.entry;
  how.samples = opened->size();
  how.threads = threads;
  return output_values(shown, *opened, how);
}

Result<FitYardstick> make_yardstick(const TrialStart& start, const LabelledData& measured, const LabelledData& every,
                                    int threads) {
  FitYardstick out{.data = measured.data};
  const Graph& graph = start.graph();
  if (std::vector<int> const deciding = deciding_tensors(graph); deciding != graph.outputs) {
    out.first_deciding = graph.outputs.size();
    for (const std::vector<int>* tensors : {&graph.outputs, &deciding})
      for (int t : *tensors) out.given_out.push_back(graph.tensor(t).name);
  }
  NARROW_TRY(out.real.values, given_out(start, *start.model, out.given_out, out.data, threads));
  out.real.labels = measured.labels;
  out.right = right_of(out.real.values, out.real.labels);
  if (every.labels.empty()) return out;
  NARROW_TRY(out.every.values, given_out(start, *start.model, out.given_out, every.data, threads));
  out.every.labels = every.labels;
  return out;
}

Result<ChainTrial> quantize_plan(const FitStart& fit, const WidthPlan& plan, bool by_width) {
  QuantizeOptions options = fit.start.options;
  NARROW_CHECK(parse_rules(recipe_text(fit.graph(), plan, fit.chain, by_width), "the recipe", options.recipe));
  TrialStart const start{fit.start.model, fit.start.request, options, fit.start.entry};
  return try_chain(start, fit.chain, fit.calibrated, fit.calibration, fit.threads);
}

FitTrial costs_of(const QuantizedModel& quantized, const std::string& signature) {
  FitTrial out;
  auto removed = remove_dead_channels(quantized.model);
  if (!removed) {
    out.no_project = removed.error().what;
    return out;
  }
  pack_weights(*removed);
  out.weight_bytes = stored_weight_bytes(*removed);
  out.macs = totals(*removed).macs;
  CompileRequest request;
  request.signature = signature;
  auto const program = prepare_program(std::make_shared<const Model>(std::move(*removed)), request, "network");
  if (!program) {
    out.no_project = program.error().what + " (" + program.error().where + ")";
    return out;
  }
  const CompileResult& costs = program->described;
  out.macs = costs.macs;
  out.flash_bytes = costs.flash_bytes;
  out.ram_bytes = *costs.arena_bytes + costs.state_bytes + *costs.stack_bytes;
  return out;
}

Result<FitTrial> measure_plan(const FitStart& fit, const WidthPlan& plan, const QuantizedModel& quantized) {
  const FitYardstick& by = fit.yardstick;
  FitTrial out = costs_of(quantized, fit.start.request.signature);
  out.wide_ops = fit.graph().ops.size() - std::min(plan.wide_from, fit.graph().ops.size());
  NARROW_TRY(OutputValues const values, given_out(fit.start, quantized.model, by.given_out, by.data, fit.threads));
  out.sqnr_db = decibels_of(relative_noise(by.real.values, values, by.first_deciding));
  if (by.real.labels.empty()) return out;
  auto const all = static_cast<double>(by.real.labels.size());
  double const before = static_cast<double>(by.right) / all;
  out.top1 = static_cast<double>(right_of(values, by.real.labels)) / all;
  Top1Loss const loss = top1_loss(by.every, by.real, values, by.first_deciding, before - *out.top1);
  out.expected_top1 = before - loss.expected;
  if (fit.max_drop.unit == MostDrop::Unit::points) out.drop = 100 * (loss.estimate + kCaution * loss.deviation);
  return out;
}

}  // namespace narrow
