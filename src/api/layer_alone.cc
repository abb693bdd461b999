#include "api/layer_alone.h"

#include <algorithm>
#include <map>

#include "api/data.h"
#include "api/held_back.h"
#include "ops/def/totals.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr int64_t kSamples = 128;                     // that are run for each layer,
constexpr int64_t kMostProducts = int64_t{32} << 30;  // but not more than it takes so many multiply-accumulates for

/// The operands of a layer, or of an op of several, that are weights and biases and that it has.
std::vector<size_t> constants_of_layer(const Op& op, bool with_biases) {
  std::vector<size_t> out;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    Role const role = op.def->quant.role(i);
    if (op.inputs[i] != kNoTensor && (role == Role::weight || (with_biases && role == Role::bias))) out.push_back(i);
  }
  return out;
}

/// The layers of the graph that a rule by name means alone, with as many weights as are left without dead channels.
Result<std::vector<FitLayer>> find_layers(const FitStart& fit, const QuantizedModel& base) {
  const Graph& graph = fit.graph();
  NARROW_TRY(Model const left, remove_dead_channels(base.model));
  std::map<std::pair<std::string, std::string>, int> named;
  for (const Op& op : graph.ops) ++named[{op_name(graph, op), op.type}];
  std::vector<FitLayer> out;
  auto const add = [&](const auto& layer) {
    if (layer.graph != fit.start.entry) return;
    const Op& op = graph.ops[layer.source];
    const Graph& now = left.graphs[static_cast<size_t>(layer.graph)];
    const Op& stored = now.ops[layer.now];
    FitLayer found{layer.source, op_name(graph, op), op.type, 0, std::nullopt};
    for (size_t i : constants_of_layer(stored, false)) found.weights += now.tensor(stored.inputs[i]).elements();
    if (named[{found.name, found.type}] == 1) out.push_back(std::move(found));
  };
  std::ranges::for_each(base.layers, add);
  std::ranges::for_each(base.parts, add);
  std::ranges::stable_sort(out, {}, &FitLayer::op);
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
    out.push_back(std::ranges::any_of(narrow.layers,
                                      [&](const QuantizedLayer& q) {
                                        return q.graph == fit.start.entry && q.source == l.op &&
                                               q.spec.widths.weights == 4;
                                      }) ||
                  std::ranges::any_of(narrow.parts, [&](const QuantizedParts& q) {
                    return q.graph == fit.start.entry && q.source == l.op && q.parts.front().spec.widths.weights == 4;
                  }));
  return out;
}

/// Puts the constants of the layer that was `source` from one model into another of the same ops.
void swap_layer(const QuantizedModel& from, const QuantizedModel& to, int entry, size_t source, Model& changed) {
  auto now = [&](const QuantizedModel& m) {
    auto const is_it = [&](const auto& l) { return l.graph == entry && l.source == source; };
    auto const layer = std::ranges::find_if(m.layers, is_it);
    return layer != m.layers.end() ? layer->now : std::ranges::find_if(m.parts, is_it)->now;
  };
  const Graph& there = from.model.graphs[static_cast<size_t>(entry)];
  Graph& here = changed.graphs[static_cast<size_t>(entry)];
  const Op& op = there.ops[now(from)];
  const Op& mine = here.ops[now(to)];
  for (size_t i : constants_of_layer(op, true))
    here.tensors[static_cast<size_t>(mine.inputs[i])] = there.tensor(op.inputs[i]);
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
