#include "quantize/rewrite/rewrite.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "graph/edit.h"
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/sub.h"
#include "ops/conversions/dequantize.h"
#include "ops/conversions/quantize.h"
#include "ops/def/operand_with.h"
#include "ops/integer/quantized.h"
#include "ops/layers/conv_2d.h"
#include "ops/layers/fully_connected.h"
#include "ops/layers/transpose_conv.h"
#include "quantize/rewrite/integer_layer.h"
#include "quantize/weights/layer_constants.h"

namespace narrow {
namespace {

/// Writes the bias type into the attributes of ops that have a place for it; runtimes otherwise guess it.
void state_bias_type(Op& op, DType type) {
  if (auto* conv = op.attributes.edit<Conv2dAttributes>()) conv->quantized_bias_type = type;
  if (auto* dense = op.attributes.edit<FullyConnectedAttributes>()) dense->quantized_bias_type = type;
  if (auto* up = op.attributes.edit<TransposeConvAttributes>()) up->quantized_bias_type = type;
}

/// 16-bit sums take any scales; the format's old form with power-of-two scales rounds otherwise.
void take_any_scales(Op& op) {
  if (auto* add = op.attributes.edit<AddAttributes>()) add->pot_scale_int16 = false;
  if (auto* sub = op.attributes.edit<SubAttributes>()) sub->pot_scale_int16 = false;
}

/// Rewrites one graph of a model.
class GraphRewriter {
 public:
  GraphRewriter(const Model& model, int number, const Plan& plan, const Recipe& recipe)
      : source_(model.graphs[static_cast<size_t>(number)]),
        number_(number),
        plan_(plan),
        recipe_(recipe),
        out_(source_) {
    out_.ops.clear();
    for (size_t t = 0; t < source_.tensors.size(); ++t)
      if (auto const canonical = canonical_of(static_cast<int>(t))) move_to(out_.tensors[t], *canonical);
  }

  Result<Graph> run(std::vector<Rewritten>& trace) {
    for (size_t i = 0; i < source_.ops.size(); ++i) {
      auto op = rewritten(i, trace[i].note);
      if (!op) return pass(std::move(op), op_label(source_, i));
      trace[i].now = out_.ops.size();
      out_.ops.push_back(std::move(*op));
    }
    for (size_t i = 0; i < out_.outputs.size(); ++i)
      if (const TiedGroup* group = plan_.decisions.tied.output(number_, i))
        out_.outputs[i] = in_form(out_.outputs[i], *group);
    return std::move(out_);
  }

 private:
  static void move_to(Tensor& t, const QuantParams& params) {
    t.dtype = params.dtype;
    t.quantization = params.quantization();
  }
  TensorRef ref(int t) const { return {number_, t}; }
  std::optional<QuantParams> canonical_of(int t) const { return plan_.activations.canonical(ref(t)); }
  bool is_float(int t) const { return t != kNoTensor && source_.tensor(t).dtype == DType::float32; }
  std::string name(int t) const { return "'" + readable(source_.tensor(t).name) + "'"; }

  Result<Op> rewritten(size_t i, std::string& note) {
    const Op& op = source_.ops[i];
    const Decision& d = plan_.decisions.of(static_cast<size_t>(number_), i);
    switch (d.placement) {
      case Placement::integer:
        return integer_op(op, d, note);
      case Placement::conversion:
        return conversion_op(op, note);
      case Placement::tied:
        return tied_op(op);
      case Placement::floating:
        return passes_tied_values(op) ? tied_op(op) : float_op(op);
      default:
        return is_integer_layer({source_, op}) ? widened_op(op, note) : op;
    }
  }

  /// The tensor that holds the values of `t` on `params`, converted right here where it is not there yet.
  int with_params(int t, const QuantParams& params) {
    if (canonical_of(t) == params) return t;
    auto& copies = copies_[t];
    for (const auto& [on, copy] : copies)
      if (on == params) return copy;
    const Tensor& from = source_.tensor(t);
    int copy = 0;
    if (from.constant) {
      copy = add_tensor(out_, quantize_constant(from, params));
    } else {
      Tensor to = computed_like(from);
      to.name += std::string("/") + to_string(params.dtype);
      move_to(to, params);
      copy = add_tensor(out_, std::move(to));
      out_.ops.push_back(conversion(out_, t, copy));
      if (recipe_.base.power_of_two && canonical_of(t))
        out_.ops.back().arithmetic = layer_widths(recipe_.base, recipe_.base.activations).arithmetic;
    }
    copies.push_back({params, copy});
    return copy;
  }

  /// The tensor that holds the values of `t` as float.
  int as_float(int t) {
    if (!is_float(t) || !canonical_of(t)) return t;
    auto [at, added] = floats_.try_emplace(t, 0);
    if (added) {
      Tensor to = computed_like(source_.tensor(t));
      to.name += "/float32";
      at->second = add_tensor(out_, std::move(to));
      out_.ops.push_back(conversion(out_, t, at->second));
    }
    return at->second;
  }

  int in_form(int t, const TiedGroup& group) {
    return group.bits ? with_params(t, plan_.activations.at(group.writes.front(), group.bits)->params) : as_float(t);
  }

  Op float_op(const Op& op) {
    Op out = op;
    for (int& t : out.inputs) t = as_float(t);
    return out;
  }

  Op tied_op(const Op& op) {
    Op out = op;
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (const TiedGroup* group = plan_.decisions.tied.operand(number_, op, i))
        out.inputs[i] = in_form(op.inputs[i], *group);
    return out;
  }

  /// The file's own conversion, between the forms that its operand and result have by now.
  Op conversion_op(const Op& op, std::string& note) {
    int const from = op.inputs[0], to = op.outputs[0];
    auto const params = stored_params(out_.tensor(to));
    bool const same_type = params && params->dtype == out_.tensor(to).dtype;
    if ((is_float(to) && !canonical_of(to)) || !same_type) return float_op(op);
    if (is_float(from) && source_.tensor(from).constant) return conversion(out_, with_params(from, *params), to);
    if (is_float(from))
      note = canonical_of(from) == params ? "its operand is computed on that params" : "its operand has another params";
    return conversion(out_, from, to);
  }

  Result<Op> integer_op(const Op& op, const Decision& d, std::string& note) {
    const QuantRule& rule = op.def->quant;
    Op out = op;
    int const ruling = scale_source(source_, op, d.bits);
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      int const t = op.inputs[i];
      if (!is_float(t) || rule.role(i) != Role::activation) continue;
      QuantParams const params = plan_.activations.at(ref(ruling == kNoTensor ? t : ruling), d.bits)->params;
      if (ruling != kNoTensor && canonical_of(t) && canonical_of(t) != params)
        add(note, name(t) + " is requantized for it");
      out.inputs[i] = with_params(t, params);
    }
    if (operand_with(op, Role::weight) != kNoTensor)
      NARROW_CHECK(set_constants(op, out, d, note));
    else if (d.settings.power_of_two && rule.rounds_by_rule)
      out.arithmetic = layer_widths(d.settings, d.bits).arithmetic;
    take_any_scales(out);
    out.version = std::max(out.version, least_version(OpView{out_, out}));
    return out;
  }

  static void add(std::string& note, const std::string& text) { note += (note.empty() ? "" : "; ") + text; }

  Status set_constants(const Op& op, Op& out, const Decision& d, std::string& note) {
    auto const data = static_cast<size_t>(operand_with(op, Role::activation));
    auto const weights = static_cast<size_t>(operand_with(op, Role::weight));
    int const bias_at = operand_with(op, Role::bias);
    const Tensor& stored = *plan_.constants.behind(ref(op.inputs[weights]));
    const Tensor* const bias =
        bias_at == kNoTensor ? nullptr : plan_.constants.behind(ref(op.inputs[static_cast<size_t>(bias_at)]));
    Settings const settings = layer_settings(op);
    const Tensor& input = out_.tensor(out.inputs[data]);
    LayerSpec const spec{.input_scale = input.quantization.scale(),
                         .output_scale = out_.tensor(out.outputs[0]).quantization.scale(),
                         .max_input = reach(input),
                         .axis = op.def->quant.weight_axis,
                         .granularity = settings.granularity,
                         .widths = layer_widths(settings, d.bits),
                         .moments = find(plan_.moments, ref(op.inputs[data]))};
    if (std::string const why = conflict(spec.widths); !why.empty()) return fail(ErrorKind::bad_option, why);
    LayerConstants c;
    if (is_kept_weight(op, stored)) {
      NARROW_TRY(c, keep_layer(stored, bias, spec));
      add(note, "weights kept as they are in the file");
    } else {
      bool const as_is = stored.dtype == DType::float32;
      if (!as_is) add(note, std::string("weights were ") + to_string(stored.dtype) + " that its kernels do not take");
      c = quantize_layer(as_is ? stored : as_float_constant(stored), bias, spec);
    }
    if (!spec.widths.is_tflite()) out.arithmetic = spec.widths.arithmetic;
    DType const absent = spec.widths.arithmetic.accumulator_bits == 64 ? DType::int64 : DType::int32;
    state_bias_type(out, c.bias ? c.bias->tensor.dtype : absent);
    describe(c, spec.widths, note);
    store(op, out, std::move(c), note);
    return {};
  }

  /// Those of the weights, with the width that the bias is asked for.
  Settings layer_settings(const Op& op) const {
    auto of = [&](Role role) { return recipe_.settings(op_name(source_, op), op.type, role); };
    Settings out = of(Role::weight);
    out.bias = of(Role::bias).bias;
    return out;
  }

  /// A layer that is integer already, its constants in the widths asked for.
  Result<Op> widened_op(const Op& op, std::string& note) {
    NARROW_TRY(std::optional<LayerConstants> c, rewrite_integer_layer({source_, op}, layer_settings(op)));
    Op out = op;
    if (!c) return out;
    out.arithmetic = arithmetic_of({source_, op});
    if (c->bias) state_bias_type(out, c->bias->tensor.dtype);
    describe(*c, {.weights = c->weights.dtype == DType::int16 ? 16 : 8}, note);
    store(op, out, std::move(*c), note);
    return out;
  }

  void store(const Op& op, Op& out, LayerConstants c, std::string& note) {
    auto const weights = static_cast<size_t>(operand_with(op, Role::weight));
    out.inputs[weights] = stored_once(op.inputs[weights], std::move(c.weights), note);
    if (!c.bias) return;
    auto const bias = static_cast<size_t>(operand_with(op, Role::bias));
    out.inputs[bias] = stored_once(op.inputs[bias], std::move(c.bias->tensor), note);
  }

  static void describe(const LayerConstants& c, const LayerWidths& widths, std::string& note) {
    if (widths.weights == 16) add(note, "int16 weights");
    if (c.bias && c.bias->bits > 0) {
      std::string text = "int" + std::to_string(c.bias->bits) + " bias";
      if (c.bias->most_shift > 0) {
        text += " << " + std::to_string(c.bias->least_shift);
        if (c.bias->most_shift > c.bias->least_shift) text += " to " + std::to_string(c.bias->most_shift);
      }
      if (c.bias->error >= kNoticed) text += ", off by up to " + in_steps(c.bias->error);
      if (c.bias->error >= 0.25) text += ": this may cost accuracy";
      add(note, text);
    }
    if (c.widened_channels > 0) {
      std::string text = std::to_string(c.widened_channels) + " weight scale(s) enlarged so that ";
      text += widths.is_tflite() ? "the bias fits"
                                 : "the sums fit " + std::to_string(widths.arithmetic.accumulator_bits) + " bits";
      if (c.weight_bits_left > 0) text += ", " + std::to_string(c.weight_bits_left) + " bits left";
      add(note, text);
    }
  }

  static constexpr double kNoticed = 0.001;  // of a step of the result

  /// "0.031 steps of the result".
  static std::string in_steps(double error) {
    char text[48];
    std::snprintf(text, sizeof text, "%.3g steps of the result", error);
    return text;
  }

  /// What a constant of the source has become for one op: the same tensor for ops that it becomes the same for.
  int stored_once(int source, Tensor stored, std::string& note) {
    std::vector<int>& forms = stored_[source];
    for (int t : forms) {
      const Tensor& known = out_.tensor(t);
      bool const same = known.dtype == stored.dtype && known.quantization == stored.quantization &&
                        known.data.size() == stored.data.size() &&
                        std::equal(known.data.data(), known.data.data() + known.data.size(), stored.data.data());
      if (same) return t;
    }
    if (!forms.empty()) add(note, name(source) + " is stored once more, with other scales than for the ops before");
    forms.push_back(add_tensor(out_, std::move(stored)));
    return forms.back();
  }

  const Graph& source_;
  int number_;
  const Plan& plan_;
  const Recipe& recipe_;
  Graph out_;
  std::map<int, std::vector<std::pair<QuantParams, int>>> copies_;
  std::map<int, int> floats_;
  std::map<int, std::vector<int>> stored_;
};

}  // namespace

Op conversion(const Graph& graph, int from, int to) {
  bool const to_float = graph.tensor(to).dtype == DType::float32;
  Op op;
  op.def = to_float ? &kDequantize : &kQuantize;
  op.type = op.def->name;
  bool const wide = graph.tensor(from).dtype == DType::int16 || graph.tensor(from).dtype == DType::float16;
  bool const requantizes = graph.tensor(from).dtype != DType::float32;
  op.version = to_float ? (wide ? 3 : 2) : (requantizes || graph.tensor(to).dtype == DType::int16 ? 2 : 1);
  op.inputs = {from};
  op.outputs = {to};
  return op;
}

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
