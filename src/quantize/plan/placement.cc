#include "quantize/plan/placement.h"

#include <algorithm>

#include "graph/entry.h"
#include "ops/check/validate.h"
#include "ops/def/op_def.h"
#include "ops/def/operand_with.h"
#include "quantize/plan/shape_ops.h"
#include "quantize/plan/stored_constants.h"

namespace narrow {
namespace {

constexpr const char* kNotCalibrated = "there are no samples of its graph";

bool carries_floats(const Graph& graph, const Op& op) {
  auto is_float = [&](int t) { return t != kNoTensor && graph.tensor(t).dtype == DType::float32; };
  return std::any_of(op.inputs.begin(), op.inputs.end(), is_float) ||
         std::any_of(op.outputs.begin(), op.outputs.end(), is_float);
}

/// Whether some operand or result holds integers that stand for real numbers.
bool carries_integers(const Graph& graph, const Op& op) {
  auto is_integer = [&](int t) { return t != kNoTensor && graph.tensor(t).quantization.present(); };
  return std::any_of(op.inputs.begin(), op.inputs.end(), is_integer) ||
         std::any_of(op.outputs.begin(), op.outputs.end(), is_integer);
}

/// Why an op that has integer kernels cannot be integer in this model; empty where it can.
std::string obstacle(const Model& model, int g, const Op& op, const StoredConstants& constants) {
  if (operand_with(op, Role::weight) != kNoTensor)
    if (const Tensor& y = model.graphs[static_cast<size_t>(g)].tensor(op.outputs[0]); y.dtype != DType::float32)
      return std::string("its result is ") + to_string(y.dtype);
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    Role const role = op.def->quant.role(i);
    if (op.inputs[i] == kNoTensor || role == Role::index) continue;
    const Tensor& t = model.graphs[static_cast<size_t>(g)].tensor(op.inputs[i]);
    bool const data = is_data(OpView{model.graphs[static_cast<size_t>(g)], op}, i);
    if (role == Role::state && !data) {
      const std::vector<int>& given = model.graphs[static_cast<size_t>(g)].inputs;
      if (!t.variable || std::find(given.begin(), given.end(), op.inputs[i]) != given.end())
        return "'" + readable(t.name) + "', with which it begins, is no variable of its own";
      continue;
    }
    std::string const of = role == Role::weight ? "its weights" : "its bias";
    if (data) {
      if (t.opaque) return "'" + readable(t.name) + "' is stored in an encoding that narrow only copies";
      if (t.dtype != DType::float32) return std::string("it mixes float32 with ") + to_string(t.dtype);
      if (t.constant && !is_finite(t)) return "'" + readable(t.name) + "' holds values that are not finite";
      continue;
    }
    const Tensor* const constant = constants.behind({g, op.inputs[i]});
    if (!constant) return of + (role == Role::weight ? " are" : " is") + " computed, not constant";
    if (!has_real_values(*constant))
      return of + " hold " + to_string(constant->dtype) + " in an encoding that narrow only copies";
    if (!is_finite(*constant)) return of + " hold values that are not finite";
  }
  return {};
}

/// Why an op of several parts that has the forms of TFLite alone has none with what the recipe asks of it; empty where
/// it has.
std::string beside_tflite(const Decision& d, const Settings& asked) {
  if (asked.power_of_two) return "narrow has no form of this op in Qm.n";
  if (asked.weights != 8) return "narrow has no form of this op with " + std::to_string(asked.weights) + "-bit weights";
  int const wide = d.bits == 16 ? 64 : 32;
  if (asked.bias && *asked.bias != wide && *asked.bias != kAutoBias)
    return "narrow has no form of this op with " + std::to_string(*asked.bias) + "-bit biases";
  if ((asked.accumulator && *asked.accumulator != wide) || asked.rounding)
    return "narrow has no form of this op with another accumulator or rounding";
  return {};
}

/// Why an op of several parts has no form with what the recipe asks of it; empty where it has, and for other ops.
std::string unusual_parts(const Graph& graph, const Op& op, const Decision& d, const Recipe& recipe) {
  if (op.def->quant.parts.empty()) return {};
  if (!gives_inside(OpView{graph, op})) return "the values inside of it were not measured";
  Settings settings = recipe.settings(op_name(graph, op), op.type, Role::weight);
  settings.bias = recipe.settings(op_name(graph, op), op.type, Role::bias).bias;
  if (!op.def->quant.any_widths) return beside_tflite(d, settings);
  if (settings.weights == 16 && d.bits == 8)
    return "narrow has no form of this op with 16-bit weights and 8-bit activations";
  LayerWidths const widths = part_widths(settings, d.bits);
  bool const usual =
      op.def->quant.rounds_once ? !settings.rounding : widths.arithmetic.rounding == RoundingRule::twice && d.bits == 8;
  if (widths.arithmetic.accumulator_bits != (d.bits == 16 ? 64 : 32) ||
      (widths.arithmetic.rounding != RoundingRule::half_up && !usual))
    return "narrow has no form of this op with another accumulator or rounding";
  if (widths.bias > widths.arithmetic.accumulator_bits)
    return "narrow has no form of this op with " + std::to_string(widths.bias) + "-bit biases";
  return {};
}

bool is_conversion(const Op& op) {
  return conversion_of(op) != Conversion::none;
}

/// The tensor of an op whose values are not known because something before it cannot be computed; kNoTensor where there
/// is none.
int unknown_values(const Op& op, const std::vector<bool>& uncomputable) {
  for (const auto* list : {&op.inputs, &op.outputs})
    for (int t : *list)
      if (t != kNoTensor && uncomputable[static_cast<size_t>(t)]) return t;
  return kNoTensor;
}

Decision decide_op(const Model& model, int g, const Op& op, const StoredConstants& constants, const Recipe& recipe,
                   const std::vector<bool>& uncomputable) {
  const Graph& graph = model.graphs[static_cast<size_t>(g)];
  Decision d;
  d.settings = recipe.settings(op_name(graph, op), op.type, Role::activation);
  d.bits = d.settings.activations;
  auto become = [&](Placement placement, std::string reason) {
    d.placement = placement;
    d.reason = std::move(reason);
    return d;
  };
  if (!carries_floats(graph, op))
    return become(Placement::untouched,
                  carries_integers(graph, op) ? kAlreadyInteger : "has no float operands or results");
  if (passes_values_on(op))
    return d.settings.keep_float ? become(Placement::floating, "kept float as asked") : become(Placement::tied, "");
  if (!op.def)
    return become(Placement::floating, d.settings.keep_float ? "kept float as asked" : "narrow does not know this op");
  if (int const t = unknown_values(op, uncomputable); t != kNoTensor)
    return become(Placement::floating,
                  "the values of '" + readable(graph.tensor(t).name) + "' come from an op that narrow cannot compute");
  if (d.settings.keep_float && op.def->conversion != Conversion::dequantize)
    return become(Placement::floating, "kept float as asked");
  if (is_conversion(op))
    return become(Placement::conversion, "a conversion between float and integer of the file itself");
  std::string const type = "int" + std::to_string(d.bits);
  if (d.bits == 8 ? !op.def->quant.int8 : !op.def->quant.int16)
    return become(Placement::floating, op.def->quant.forms_missing ? "narrow has no " + type + " form of this op"
                                                                   : "no runtime computes this op in " + type);
  if (std::string why = unusual_parts(graph, op, d, recipe); !why.empty())
    return become(Placement::floating, std::move(why));
  bool const fixed = d.settings.power_of_two && op.def->quant.output(d.bits) == ScaleRule::fixed;
  if (fixed && op.def->quant.fixed_power_of_two(d.bits).zero_point != 0)
    return become(Placement::floating, "cannot be in Qm.n: its results need a zero point");
  if (std::string why = obstacle(model, g, op, constants); !why.empty())
    return become(Placement::floating, std::move(why));
  return become(Placement::integer, type + " activations");
}

/// Leaves an op float that computes a shape, or that no runtime computes in integers and whose values follow from
/// shapes alone: these are the same for all samples, and no accuracy is at stake.
void leave_shapes_float(const Graph& graph, const Op& op, bool leads_to_shape, Decision& d) {
  bool const asked = d.placement == Placement::integer || d.placement == Placement::floating;
  bool const reads_none = d.placement == Placement::floating && op.def && !op.def->reads_values;
  if (!asked || d.settings.keep_float || !(reads_none || follows_from_shapes(graph, op))) return;
  if (d.placement == Placement::integer && !leads_to_shape) return;
  d.placement = Placement::floating;
  d.from_shapes = true;
  d.reason = leads_to_shape ? "computes a shape" : "its values follow from shapes alone; " + d.reason;
}

/// The decision for an op of a graph that is not run from the entries, so that the ranges of its tensors are not known.
Decision not_run(const Model& model, const std::vector<bool>& run_by_others, int g, const Op& op) {
  Decision d;
  bool const real = run_by_others[static_cast<size_t>(g)] && carries_floats(model.graphs[static_cast<size_t>(g)], op);
  d.placement = real ? Placement::floating : Placement::untouched;
  d.reason = real ? kNotCalibrated : "nothing runs its graph";
  return d;
}

/// By graph: whether it may run for an entry of the model that is not among `entries` and so stays float.
std::vector<bool> other_graphs(const Model& model, const std::vector<int>& entries) {
  std::vector<int> others;
  for (int g : entry_graphs(model))
    if (std::find(entries.begin(), entries.end(), g) == entries.end()) others.push_back(g);
  return graphs_run(model, others);
}

/// Gives each tied group the width that the recipe asks of its first op; float where it asks for that, and where a
/// graph shares the group that stays float.
void decide_tied(Decisions& decisions) {
  auto is_float = [&](TensorRef t) { return !decisions.run[static_cast<size_t>(t.graph)]; };
  for (TiedGroup& group : decisions.tied.all()) {
    const Decision& d = decisions.of(static_cast<size_t>(group.graph), group.op);
    bool const shared = std::any_of(group.reads.begin(), group.reads.end(), is_float) ||
                        std::any_of(group.writes.begin(), group.writes.end(), is_float);
    group.bits = d.placement == Placement::tied && !shared ? d.bits : 0;
  }
}

/// Gives ops that pass values on their reasons, once the widths of tied groups are known: "2 float value(s) as int8".
void describe_tied(const Model& model, Decisions& decisions) {
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) {
      Decision& d = decisions.ops[g][i];
      if (d.placement != Placement::tied) continue;
      const Op& op = model.graphs[g].ops[i];
      size_t integers = 0, floats = 0;
      auto count = [&](const TiedGroup* group) {
        if (group) ++(group->bits ? integers : floats);
      };
      for (size_t k = 0; k < op.outputs.size(); ++k) count(decisions.tied.result(static_cast<int>(g), op, k));
      for (size_t k = 0; op.outputs.empty() && k < op.inputs.size(); ++k)
        count(decisions.tied.operand(static_cast<int>(g), op, k));
      if (integers == 0 && floats == 0) {
        d.reason = "nothing reads the values that it passes on";
        continue;
      }
      if (integers == 0) {
        d.placement = Placement::floating;
        d.reason = "it passes float values between float ops only";
        continue;
      }
      d.reason = std::to_string(integers) + " float value(s) as int" + std::to_string(d.bits);
      if (floats > 0) d.reason += ", " + std::to_string(floats) + " stay float";
    }
}

}  // namespace

Decisions decide(const Model& model, const QuantizeOptions& options, const Refusals& refused) {
  std::vector<bool> const other = other_graphs(model, options.entries);
  Decisions out{options.entries, graphs_run(model, options.entries), {}, TiedTensors(model)};
  StoredConstants const constants(model);
  bool some_float = false;
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    out.ops.emplace_back();
    std::vector<bool> const uncomputable = uncomputable_tensors(model.graphs[g]);
    std::vector<bool> const shapes = leads_to_shape(model.graphs[g]);
    for (const Op& op : model.graphs[g].ops) {
      Decision d = out.run[g] ? decide_op(model, static_cast<int>(g), op, constants, options.recipe, uncomputable)
                              : not_run(model, other, static_cast<int>(g), op);
      if (auto const why = refused.find({g, out.ops.back().size()}); why != refused.end()) {
        d.placement = Placement::floating;
        d.reason = why->second;
      }
      leave_shapes_float(model.graphs[g], op, shapes[out.ops.back().size()], d);
      some_float |= d.placement == Placement::floating && !d.from_shapes;
      out.ops.back().push_back(std::move(d));
    }
  }
  decide_tied(out);
  if (some_float && options.allow_float) choose_float_partitions(model, options.io.value_or(options.scheme->io), out);
  describe_tied(model, out);
  return out;
}

Status require_integer(const Model& model, const Decisions& decisions) {
  std::string list;
  const char* remedy = "`allow_float` leaves them float, each with its conversions";
  auto add = [&](const std::string& text) { list += (list.empty() ? "" : "; ") + text; };
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) {
      const Decision& d = decisions.of(g, i);
      if (d.placement != Placement::floating || d.from_shapes || d.settings.keep_float) continue;
      if (!decisions.run[g]) {
        add("all of " + entry_label(model, static_cast<int>(g)) + ": " + d.reason);
        remedy = "calibrate with `signature`, and give the `statistics` of each; or `allow_float`";
        break;
      }
      add(op_label(model.graphs[g], i) + (g > 0 ? " of graph " + std::to_string(g) : "") + ": " + d.reason);
    }
  if (list.empty()) return {};
  return fail(ErrorKind::unsupported, "these ops would stay float: " + list, model.source, remedy);
}

}  // namespace narrow
