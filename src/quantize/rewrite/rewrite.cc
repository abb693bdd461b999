#include "quantize/rewrite/rewrite.h"

#include <algorithm>

#include "ops/conversions/conversions.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "ops/integer/quantized.h"
#include "quantize/rewrite/layers.h"
#include "quantize/rewrite/op_parts.h"
#include "quantize/rewrite/tensor_copies.h"

namespace narrow {
namespace {

/// The arithmetic that requantizations between ops state.
std::optional<Arithmetic> requantization(const Settings& base) {
  if (!base.power_of_two) return std::nullopt;
  return layer_widths(base, base.activations).arithmetic;
}

/// Rewrites one graph of a model, op by op.
class GraphRewriter {
 public:
  GraphRewriter(const Model& model, int number, const Plan& plan, const Recipe& recipe)
      : source_(model.graphs[static_cast<size_t>(number)]),
        number_(number),
        plan_(plan),
        recipe_(recipe),
        out_(without_ops(source_)),
        copies_(source_, number, plan.activations, requantization(recipe.base), out_) {}

  Result<Graph> run(std::vector<Rewritten>& trace) {
    for (size_t i = 0; i < source_.ops.size(); ++i) {
      auto op = rewritten(i, trace[i]);
      if (!op) return pass(std::move(op), op_label(source_, i));
      trace[i].now = out_.ops.size();
      out_.ops.push_back(std::move(*op));
    }
    for (size_t i = 0; i < out_.outputs.size(); ++i)
      if (const TiedGroup* group = plan_.decisions.tied.output(number_, i))
        out_.outputs[i] = as_tied(out_.outputs[i], *group);
    return std::move(out_);
  }

 private:
  static Graph without_ops(const Graph& graph) {
    Graph out = graph;
    out.ops.clear();
    return out;
  }
  TensorRef ref(int t) const { return {number_, t}; }
  bool is_float(int t) const { return t != kNoTensor && source_.tensor(t).dtype == DType::float32; }
  std::string name(int t) const { return "'" + readable(source_.tensor(t).name) + "'"; }

  Result<Op> rewritten(size_t i, Rewritten& trace) {
    std::string& note = trace.note;
    const Op& op = source_.ops[i];
    const Decision& d = plan_.decisions.of(static_cast<size_t>(number_), i);
    switch (d.placement) {
      case Placement::integer:
        return integer_op(op, d, trace);
      case Placement::conversion:
        return existing_conversion(op, note);
      case Placement::tied:
        return tied_op(op);
      case Placement::floating:
        return passes_values_on(op) ? tied_op(op) : float_op(op);
      default:
        return is_integer_layer({source_, op}) ? widened_layer(op, note) : op;
    }
  }

  /// The tensor that holds the values of `t` as its tied group has them.
  int as_tied(int t, const TiedGroup& group) {
    if (!group.bits) return copies_.as_float(t);
    return copies_.with_params(t, plan_.activations.at(group.writes.front(), group.bits)->params);
  }

  Op float_op(const Op& op) {
    Op out = op;
    for (int& t : out.inputs) t = copies_.as_float(t);
    return out;
  }

  Op tied_op(const Op& op) {
    Op out = op;
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (const TiedGroup* group = plan_.decisions.tied.operand(number_, op, i))
        out.inputs[i] = as_tied(op.inputs[i], *group);
    return out;
  }

  /// A conversion of the file, between what its operand and result have become.
  Op existing_conversion(const Op& op, std::string& note) {
    int const from = op.inputs[0], to = op.outputs[0];
    auto const params = stored_params(out_.tensor(to));
    bool const same_type = params && params->dtype == out_.tensor(to).dtype;
    if ((is_float(to) && !copies_.canonical(to)) || !same_type) return float_op(op);
    if (is_float(from) && source_.tensor(from).constant)
      return conversion(out_, copies_.with_params(from, *params), to);
    if (is_float(from))
      note = copies_.canonical(from) == params ? "its operand has these quantization parameters already"
                                               : "its operand has other quantization parameters";
    return conversion(out_, from, to);
  }

  Result<Op> integer_op(const Op& op, const Decision& d, Rewritten& trace) {
    std::string& note = trace.note;
    const QuantRule& rule = op.def->quant;
    Op out = op;
    int const source = scale_source(source_, op, d.bits);
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      int const t = op.inputs[i];
      if (!is_float(t) || !is_data(OpView{source_, op}, i)) continue;
      QuantParams const params = plan_.activations.at(ref(source == kNoTensor ? t : source), d.bits)->params;
      auto const own = copies_.canonical(t);
      if (source != kNoTensor && own && own != params) add_note(note, name(t) + " is requantized for it");
      out.inputs[i] = copies_.with_params(t, params);
    }
    if (!rule.parts.empty()) {
      NARROW_TRY(trace.parts, rewrite_parts({source_, number_, plan_.constants, copies_, out_}, op, out,
                                            part_widths(layer_settings(op), d.bits)));
      for (PartSpec& part : trace.parts) part.spec.rounding = layer_settings(op).weight_rounding;
    } else if (operand_with(op, Role::weight) != kNoTensor) {
      trace.layer = layer_spec(op, out, d);
      NARROW_TRY(RewrittenLayer layer, quantized_layer(op, *trace.layer));
      trace.layer_note = layer.note;
      set_layer(op, out, std::move(layer), note);
    } else if (d.settings.power_of_two && rule.rounds_by_rule) {
      out.arithmetic = layer_widths(d.settings, d.bits).arithmetic;
    }
    // 16-bit sums take any scales; the format's old form with power-of-two scales rounds otherwise.
    set_attribute(out, kPotScaleInt16, false);
    out.version = std::max(out.version, least_version(OpView{out_, out}));
    return out;
  }

  /// What the constants of a float layer `op` depend on, which becomes `out`, whose data and result are integers by
  /// now.
  LayerSpec layer_spec(const Op& op, const Op& out, const Decision& d) const {
    auto const data = static_cast<size_t>(operand_with(op, Role::activation));
    Settings const settings = layer_settings(op);
    const Tensor& input = out_.tensor(out.inputs[data]);
    return {.input_scale = input.quantization.scale(),
            .output_scale = out_.tensor(out.outputs[0]).quantization.scale(),
            .max_input = reach(input),
            .axis = op.def->quant.weight_axis,
            .granularity = settings.granularity,
            .widths = layer_widths(settings, d.bits),
            .moments = find(plan_.moments, ref(op.inputs[data])),
            .rounding = settings.weight_rounding};
  }

  Result<RewrittenLayer> quantized_layer(const Op& op, const LayerSpec& spec) const {
    auto const weights = static_cast<size_t>(operand_with(op, Role::weight));
    int const bias = operand_with(op, Role::bias);
    return quantize_layer_op(
        op, *plan_.constants.behind(ref(op.inputs[weights])),
        bias == kNoTensor ? nullptr : plan_.constants.behind(ref(op.inputs[static_cast<size_t>(bias)])), spec);
  }

  /// The settings of a layer's weights, with the width that they give its bias.
  Settings layer_settings(const Op& op) const {
    auto of = [&](Role role) { return recipe_.settings(op_name(source_, op), op.type, role); };
    Settings out = of(Role::weight);
    out.bias = of(Role::bias).bias;
    return out;
  }

  /// A layer that is integer in the file, its constants in the widths that the recipe asks for.
  Result<Op> widened_layer(const Op& op, std::string& note) {
    NARROW_TRY(std::optional<RewrittenLayer> layer, change_widths({source_, op}, layer_settings(op)));
    Op out = op;
    if (layer) set_layer(op, out, std::move(*layer), note);
    return out;
  }

  void set_layer(const Op& op, Op& out, RewrittenLayer layer, std::string& note) {
    add_note(note, layer.note);
    if (layer.arithmetic) out.arithmetic = layer.arithmetic;
    if (layer.bias_type) set_attribute(out, kQuantizedBiasType, *layer.bias_type);  // else runtimes guess it
    set_constant(op, out, Role::weight, std::move(layer.constants.weights), note);
    if (layer.constants.bias) set_constant(op, out, Role::bias, std::move(layer.constants.bias->tensor), note);
  }

  void set_constant(const Op& op, Op& out, Role role, Tensor stored, std::string& note) {
    auto const at = static_cast<size_t>(operand_with(op, role));
    bool is_another = false;
    out.inputs[at] = copies_.constant(op.inputs[at], std::move(stored), is_another);
    if (is_another)
      add_note(note, name(op.inputs[at]) + " is stored once more, with other scales than for the ops before");
  }

  const Graph& source_;
  int number_;
  const Plan& plan_;
  const Recipe& recipe_;
  Graph out_;
  TensorCopies copies_;
};

}  // namespace

Result<Model> rewrite(const Model& model, const Plan& plan, const Recipe& recipe, Trace& trace) {
  Model out = model;
  trace.assign(model.graphs.size(), {});
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    trace[g].resize(model.graphs[g].ops.size());
    for (size_t i = 0; i < trace[g].size(); ++i) trace[g][i].now = i;
    if (!plan.decisions.run[g]) continue;
    auto graph = GraphRewriter(model, static_cast<int>(g), plan, recipe).run(trace[g]);
    if (!graph) return pass(std::move(graph), g > 0 ? "graph " + std::to_string(g) : "");
    out.graphs[g] = std::move(*graph);
  }
  return out;
}

}  // namespace narrow
