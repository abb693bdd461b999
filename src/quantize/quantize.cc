#include "quantize/quantize.h"

#include <algorithm>
#include <map>

#include "graph/edit.h"
#include "ops/build/inside_values.h"
#include "ops/check/validate_rules.h"
#include "ops/def/operand_with.h"
#include "quantize/plan/coarse_steps.h"
#include "quantize/recipe/unmatched_rules.h"
#include "quantize/rewrite/form.h"
#include "quantize/rewrite/missing_kernels.h"
#include "quantize/rewrite/rewrite.h"
#include "quantize/schemes/dynamic.h"
#include "quantize/schemes/float16.h"

namespace narrow {
namespace {

/// What became of each op of `model`, which is `rewritten` now.
std::vector<OpOutcome> outcomes(const Model& model, const Model& rewritten, const Decisions& decisions,
                                const Trace& trace) {
  std::vector<OpOutcome> out;
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) {
      const Op& op = model.graphs[g].ops[i];
      const Decision& d = decisions.of(g, i);
      std::string reason = d.reason;
      if (!trace[g][i].note.empty()) reason += "; " + trace[g][i].note;
      if (reason == kAlreadyInteger) reason += ", unchanged";
      const Graph& graph = rewritten.graphs[g];
      out.push_back({op_name(model.graphs[g], op), op.type, d.placement != Placement::floating, std::move(reason),
                     static_cast<int>(g), form_of(OpView{graph, graph.ops[trace[g][i].now]})});
    }
  return out;
}

/// Puts what became of the layers of `model` into `quantized`. Only conversions have come or gone between them, so that
/// the layers of both models correspond in order.
void list_layers(const Model& model, const Trace& trace, QuantizedModel& quantized) {
  auto layers = [](const Graph& graph) {
    std::vector<size_t> out;
    for (size_t i = 0; i < graph.ops.size(); ++i)
      if (operand_with(graph.ops[i], Role::weight) != kNoTensor) out.push_back(i);
    return out;
  };
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    std::vector<size_t> const before = layers(model.graphs[g]), now = layers(quantized.model.graphs[g]);
    for (size_t k = 0; k < before.size() && before.size() == now.size(); ++k) {
      const Rewritten& made = trace[g][before[k]];
      auto const graph = static_cast<int>(g);
      if (made.layer) quantized.layers.push_back({graph, before[k], now[k], *made.layer, made.layer_note});
      if (!made.parts.empty()) quantized.parts.push_back({graph, before[k], now[k], made.parts});
    }
  }
}

/// Removes what held for the given model but not for the quantized one, and gives each kind of op one version.
void tidy(Model& model) {
  forget_inside_values(model);
  // The converter's record of how it made the given file.
  model.description.clear();
  std::erase_if(model.metadata, [](const auto& entry) { return entry.first == "CONVERSION_METADATA"; });
  // A runtime that takes the highest version of an op takes the lower ones, and each version costs an entry.
  std::map<std::string, int> highest;
  for (const Graph& graph : model.graphs)
    for (const Op& op : graph.ops) highest[op.type] = std::max(highest[op.type], op.version);
  for (Graph& graph : model.graphs)
    for (Op& op : graph.ops) op.version = highest[op.type];
}

/// Refuses parameters of the file that no computed tensor can have, as a scale of 0, which constants may have.
Status check_parameters(const Model& model) {
  for (const Graph& graph : model.graphs)
    for (size_t t = 0; t < graph.tensors.size(); ++t)
      if (Status valid = validate_quantization(graph.tensors[t]); !valid)
        return fail(ErrorKind::unsupported, valid.error().what, tensor_label(graph, static_cast<int>(t)),
                    "`keep_float` leaves the ops around it float");
  return {};
}

/// A quantized model that may still lack kernels, with what it was made of.
struct Attempt {
  Plan plan;
  Model model;
  Trace trace;
};

Result<Attempt> attempt(const Model& model, const RangeOf& range_of, const QuantizeOptions& options,
                        const Refusals& refused) {
  Decisions decisions = decide(model, options, refused);
  if (!options.allow_float) NARROW_CHECK(require_integer(model, decisions));
  NARROW_TRY(ActivationParams activations,
             choose_activation_params({model, decisions}, range_of, options.recipe, options.moments));
  Attempt out{{std::move(decisions), std::move(activations), StoredConstants(model), options.moments}, {}, {}};
  NARROW_TRY(out.model, rewrite(model, out.plan, options.recipe, out.trace));
  return out;
}

/// Attempts until all integer ops have kernels: ops that turn out to have none stay float in the next attempt.
Result<Attempt> successful_attempt(const Model& model, const RangeOf& range_of, const QuantizeOptions& options) {
  for (Refusals refused;;) {
    NARROW_TRY(Attempt out, attempt(model, range_of, options, refused));
    Refusals more = find_refusals(model, out.model, out.plan.decisions, out.trace);
    if (more.empty()) return out;
    size_t const known = refused.size();
    auto const& [place, why] = *more.begin();
    std::string const where = op_label(model.graphs[place.graph], place.op);
    std::string const what = why;
    refused.merge(more);
    if (refused.size() == known) return fail(ErrorKind::unsupported, what, where);
  }
}

Result<QuantizedModel> quantize_integer(const Model& model, const RangeOf& range_of, const QuantizeOptions& options) {
  NARROW_TRY(auto done, successful_attempt(model, range_of, options));
  auto& [plan, quantized, trace] = done;
  std::vector<OpExplanation> explanations;
  std::vector<std::string> warnings = warn_of_coarse_steps({model, plan.decisions}, plan.activations);
  if (!options.explain.empty()) explanations = explain(model, quantized, plan, trace, options.explain);
  std::vector<OpOutcome> ops = outcomes(model, quantized, plan.decisions, trace);
  for (int g : plan.decisions.entries)
    for (int t : outputs_without_values(model.graphs[static_cast<size_t>(g)]))
      warnings.push_back("output '" + readable(model.graphs[static_cast<size_t>(g)].tensor(t).name) +
                         "' stays float32: its values come from an op that narrow cannot compute");
  for (int g : plan.decisions.entries) {
    NARROW_CHECK(set_io_types(quantized, model, g, range_of, options.io.value_or(options.scheme->io)));
    if (options.io && options.io_given) NARROW_CHECK(set_integer_io(quantized, model, g, *options.io));
  }
  drop_redundant_conversions(quantized, plan.decisions);
  for (int g = 0; g < static_cast<int>(quantized.graphs.size()); ++g) drop_unused_tensors(quantized, g);
  QuantizedModel out{std::move(quantized), std::move(ops), std::move(explanations), std::move(warnings)};
  list_layers(model, trace, out);
  return out;
}

Result<QuantizedModel> by_kind(const Model& model, const RangeOf& range_of, const QuantizeOptions& options) {
  if (options.scheme->kind == SchemeKind::integer) return quantize_integer(model, range_of, options);
  if (!options.explain.empty())
    return refuse("explain", std::string("`explain` has nothing to tell of `scheme=") + options.scheme->name + "`",
                  "its reasons are in the table of ops");
  if (options.io && *options.io != DType::float32)
    return refuse(
        "io", std::string("`io=") + to_string(*options.io) + "` does not go with `scheme=" + options.scheme->name + "`",
        "its inputs and outputs are float32");
  return options.scheme->kind == SchemeKind::float16 ? quantize_float16(model, options)
                                                     : quantize_dynamic(model, options);
}

}  // namespace

Result<QuantizedModel> quantize(const Model& model, const RangeOf& range_of, const QuantizeOptions& options) {
  NARROW_TRY(QuantizedModel done, by_kind(model, range_of, options));
  if (!options.explain.empty() && done.explanations.empty())
    return refuse("explain", "`explain`: there is no op '" + options.explain + "'",
                  "give a name or an index from the table of ops, or graph:index", model.source);
  NARROW_CHECK(check_parameters(done.model));
  for (std::string& line : warn_of_unmatched_rules(model, options.recipe)) done.warnings.push_back(std::move(line));
  tidy(done.model);
  return done;
}

}  // namespace narrow
