#include "api/layer_alone.h"

#include <algorithm>
#include <map>

#include "api/data.h"
#include "api/held_back.h"
#include "ops/def/operand_with.h"
#include "ops/def/totals.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr int64_t kSamples = 128;                     // that are run for each layer,
constexpr int64_t kMostProducts = int64_t{32} << 30;  // but not more than it takes so many multiply-accumulates for

/// The layers of the graph that a rule by name means alone, with as many weights as are left without dead channels.
Result<std::vector<FitLayer>> find_layers(const FitStart& fit, const QuantizedModel& base) {
  const Graph& graph = fit.graph();
  NARROW_TRY(Model const left, remove_dead_channels(base.model));
  std::map<std::pair<std::string, std::string>, int> named;
  for (const Op& op : graph.ops) ++named[{op_name(graph, op), op.type}];
  std::vector<FitLayer> out;
  for (const QuantizedLayer& layer : base.layers) {
    if (layer.graph != fit.start.entry) continue;
    const Op& op = graph.ops[layer.source];
    const Graph& now = left.graphs[static_cast<size_t>(layer.graph)];
    const Op& stored = now.ops[layer.now];
    int const at = operand_with(stored, Role::weight);
    FitLayer found{layer.source, op_name(graph, op), op.type,
                   now.tensor(stored.inputs[static_cast<size_t>(at)]).elements(), std::nullopt};
    if (named[{found.name, found.type}] == 1) out.push_back(std::move(found));
  }
  return out;
}

/// Those of `layers` that stay integer with 4-bit weights.
Result<std::vector<bool>> can_be_narrow(const FitStart& fit, const std::vector<FitLayer>& layers) {
  QuantizeOptions options = fit.start.options;
  options.recipe.base.range = fit.chain.range;
  options.recipe.base.weights = 4;
  options.entries = fit.calibrated.ranges.entries;
  options.moments = &fit.calibrated.ranges.moments;
  options.allow_float = true;
  NARROW_TRY(QuantizedModel const narrow,
             quantize(*fit.calibrated.model, fit.calibrated.ranges.range_of(*fit.calibrated.model), options));
  std::vector<bool> out;
  for (const FitLayer& l : layers)
    out.push_back(std::ranges::any_of(narrow.layers, [&](const QuantizedLayer& q) {
      return q.graph == fit.start.entry && q.source == l.op && q.spec.widths.weights == 4;
    }));
  return out;
}

/// Puts the constants of the layer that was `source` from one model into another of the same ops.
void swap_layer(const QuantizedModel& from, const QuantizedModel& to, int entry, size_t source, Model& changed) {
  auto now = [&](const QuantizedModel& m) {
    return std::ranges::find_if(m.layers, [&](const auto& l) { return l.graph == entry && l.source == source; })->now;
  };
  const Graph& there = from.model.graphs[static_cast<size_t>(entry)];
  Graph& here = changed.graphs[static_cast<size_t>(entry)];
  const Op& op = there.ops[now(from)];
  const Op& mine = here.ops[now(to)];
  for (Role const role : {Role::weight, Role::bias}) {
    int const at = operand_with(op, role);
    if (at == kNoTensor) continue;
    auto const i = static_cast<size_t>(at);
    here.tensors[static_cast<size_t>(mine.inputs[i])] = there.tensor(op.inputs[i]);
  }
}

}  // namespace

Result<std::vector<FitLayer>> layers_alone(const FitStart& fit, const QuantizedModel& base) {
  NARROW_TRY(std::vector<FitLayer> layers, find_layers(fit, base));
  NARROW_TRY(std::vector<bool> const able, can_be_narrow(fit, layers));
  WidthPlan plan;
  for (size_t k = 0; k < layers.size(); ++k)
    if (able[k]) plan.weights.emplace_back(layers[k].op, 4);
  if (plan.weights.empty()) return layers;
  // Without feedback from layers before: these have 8 bits here.
  NARROW_TRY(ChainTrial const narrow, quantize_plan(fit, plan, false));

  const TrialStart& start = fit.start;
  NARROW_TRY(auto const data, open_data(*fit.calibrated.model, fit.calibration, start.entry));
  int64_t const macs = std::max<int64_t>(totals(base.model).macs, 1);
  int64_t const affordable = std::max<int64_t>(8, kMostProducts / macs / static_cast<int64_t>(layers.size()));
  int64_t const samples = std::min({data->size(), kSamples, affordable});
  DataSource some = picked(fit.graph(), data, evenly(samples, data->size()));
  const std::vector<std::string>& names = fit.yardstick.given_out;
  auto run = [&](const Model& model) { return given_out(start, model, names, some, fit.threads); };
  NARROW_TRY(OutputValues const wide, run(base.model));
  for (size_t k = 0; k < layers.size(); ++k) {
    if (!able[k]) continue;
    Model changed = base.model;
    swap_layer(narrow.quantized, base, start.entry, layers[k].op, changed);
    NARROW_TRY(OutputValues const values, run(changed));
    layers[k].alone = relative_noise(wide, values, fit.yardstick.first_deciding);
  }
  return layers;
}

}  // namespace narrow
