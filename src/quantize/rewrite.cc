#include "quantize/rewrite.h"

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
#include "quantize/layer_constants.h"
#include "quantize/widen.h"

namespace narrow {
namespace {

/// Writes the bias type into the attributes of ops that have a place for it; runtimes otherwise guess it.
void state_bias_type(Op& op, DType type) {
  if (auto* conv = std::any_cast<Conv2dAttributes>(&op.attributes)) conv->quantized_bias_type = type;
  if (auto* dense = std::any_cast<FullyConnectedAttributes>(&op.attributes)) dense->quantized_bias_type = type;
  if (auto* up = std::any_cast<TransposeConvAttributes>(&op.attributes)) up->quantized_bias_type = type;
}

/// 16-bit sums take any scales; the format's old form with power-of-two scales rounds otherwise.
void take_any_scales(Op& op) {
  if (auto* add = std::any_cast<AddAttributes>(&op.attributes)) add->pot_scale_int16 = false;
  if (auto* sub = std::any_cast<SubAttributes>(&op.attributes)) sub->pot_scale_int16 = false;
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
      if (auto const home = home_of(static_cast<int>(t))) move_to(out_.tensors[t], *home);
  }

  Result<Graph> run(std::vector<Rewritten>& trace) {
    for (size_t i = 0; i < source_.ops.size(); ++i) {
      auto op = rewritten(i, trace[i].note);
      if (!op) return pass(std::move(op), op_label(source_, i));
      trace[i].now = out_.ops.size();
      out_.ops.push_back(std::move(*op));
    }
    for (size_t i = 0; i < out_.outputs.size(); ++i)
      if (const Link* link = plan_.decisions.links.output(number_, i))
        out_.outputs[i] = in_form(out_.outputs[i], *link);
    return std::move(out_);
  }

 private:
  static void move_to(Tensor& t, const Grid& grid) {
    t.dtype = grid.dtype;
    t.quantization = grid.quantization();
  }
  TensorRef ref(int t) const { return {number_, t}; }
  std::optional<Grid> home_of(int t) const { return plan_.grids.home(ref(t)); }
  bool is_float(int t) const { return t != kNoTensor && source_.tensor(t).dtype == DType::float32; }
  std::string name(int t) const { return "'" + readable(source_.tensor(t).name) + "'"; }

  Result<Op> rewritten(size_t i, std::string& note) {
    const Op& op = source_.ops[i];
    const Decision& d = plan_.decisions.of(static_cast<size_t>(number_), i);
    switch (d.fate) {
      case Fate::integer:
        return integer_op(op, d, note);
      case Fate::border:
        return border_op(op, note);
      case Fate::link:
        return link_op(op);
      case Fate::real:
        return hands_on(op) ? link_op(op) : float_op(op);
      default:
        return is_integer_layer({source_, op}) ? widened_op(op, note) : op;
    }
  }

  /// The tensor that holds the values of `t` on `grid`, converted right here where it is not there yet.
  int on_grid(int t, const Grid& grid) {
    if (home_of(t) == grid) return t;
    auto& copies = copies_[t];
    for (const auto& [on, copy] : copies)
      if (on == grid) return copy;
    const Tensor& from = source_.tensor(t);
    int copy = 0;
    if (from.constant) {
      copy = add_tensor(out_, constant_on_grid(from, grid));
    } else {
      Tensor to = computed_like(from);
      to.name += std::string("/") + to_string(grid.dtype);
      move_to(to, grid);
      copy = add_tensor(out_, std::move(to));
      out_.ops.push_back(conversion(out_, t, copy));
      if (recipe_.base.power_of_two && home_of(t))
        out_.ops.back().arithmetic = layer_widths(recipe_.base, recipe_.base.activations).arithmetic;
    }
    copies.push_back({grid, copy});
    return copy;
  }

  /// The tensor that holds the values of `t` as float.
  int as_float(int t) {
    if (!is_float(t) || !home_of(t)) return t;
    auto [at, added] = floats_.try_emplace(t, 0);
    if (added) {
      Tensor to = computed_like(source_.tensor(t));
      to.name += "/float32";
      at->second = add_tensor(out_, std::move(to));
      out_.ops.push_back(conversion(out_, t, at->second));
    }
    return at->second;
  }

  int in_form(int t, const Link& link) {
    return link.bits ? on_grid(t, plan_.grids.at(link.writes.front(), link.bits)->grid) : as_float(t);
  }

  Op float_op(const Op& op) {
    Op out = op;
    for (int& t : out.inputs) t = as_float(t);
    return out;
  }

  Op link_op(const Op& op) {
    Op out = op;
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (const Link* link = plan_.decisions.links.operand(number_, op, i))
        out.inputs[i] = in_form(op.inputs[i], *link);
    return out;
  }

  /// The file's own conversion, between the forms that its operand and result have by now.
  Op border_op(const Op& op, std::string& note) {
    int const from = op.inputs[0], to = op.outputs[0];
    auto const grid = grid_of_file(out_.tensor(to));
    bool const same_type = grid && grid->dtype == out_.tensor(to).dtype;
    if ((is_float(to) && !home_of(to)) || !same_type) return float_op(op);
    if (is_float(from) && source_.tensor(from).constant) return conversion(out_, on_grid(from, *grid), to);
    if (is_float(from))
      note = home_of(from) == grid ? "its operand is computed on that grid" : "its operand has another grid";
    return conversion(out_, from, to);
  }

  Result<Op> integer_op(const Op& op, const Decision& d, std::string& note) {
    const QuantRule& rule = op.def->quant;
    Op out = op;
    int const ruling = ruling_result(source_, op, d.bits);
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      int const t = op.inputs[i];
      if (!is_float(t) || rule.role(i) != Role::activation) continue;
      Grid const grid = plan_.grids.at(ref(ruling == kNoTensor ? t : ruling), d.bits)->grid;
      if (ruling != kNoTensor && home_of(t) && home_of(t) != grid) add(note, name(t) + " is requantized for it");
      out.inputs[i] = on_grid(t, grid);
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
    LayerForm const form{.input_scale = input.quantization.scale(),
                         .output_scale = out_.tensor(out.outputs[0]).quantization.scale(),
                         .reach = reach(input),
                         .axis = op.def->quant.weight_axis,
                         .granularity = settings.granularity,
                         .widths = layer_widths(settings, d.bits),
                         .input = find(plan_.moments, ref(op.inputs[data]))};
    if (std::string const why = conflict(form.widths); !why.empty()) return fail(ErrorKind::bad_option, why);
    LayerConstants c;
    if (is_kept_weight(op, stored)) {
      NARROW_TRY(c, keep_layer(stored, bias, form));
      add(note, "weights kept as they are in the file");
    } else {
      bool const as_is = stored.dtype == DType::float32;
      if (!as_is) add(note, std::string("weights were ") + to_string(stored.dtype) + " that its kernels do not take");
      c = quantize_layer(as_is ? stored : as_float_constant(stored), bias, form);
    }
    if (!form.widths.is_tflite()) out.arithmetic = form.widths.arithmetic;
    DType const absent = form.widths.arithmetic.accumulator_bits == 64 ? DType::int64 : DType::int32;
    state_bias_type(out, c.bias ? c.bias->dtype : absent);
    describe(c, form.widths, note);
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
    NARROW_TRY(std::optional<LayerConstants> c, widen_layer({source_, op}, layer_settings(op)));
    Op out = op;
    if (!c) return out;
    out.arithmetic = arithmetic_of({source_, op});
    if (c->bias) state_bias_type(out, c->bias->dtype);
    describe(*c, {.weights = c->weights.dtype == DType::int16 ? 16 : 8}, note);
    store(op, out, std::move(*c), note);
    return out;
  }

  void store(const Op& op, Op& out, LayerConstants c, std::string& note) {
    auto const weights = static_cast<size_t>(operand_with(op, Role::weight));
    out.inputs[weights] = stored_once(op.inputs[weights], std::move(c.weights), note);
    if (!c.bias) return;
    auto const bias = static_cast<size_t>(operand_with(op, Role::bias));
    out.inputs[bias] = stored_once(op.inputs[bias], std::move(*c.bias), note);
  }

  static void describe(const LayerConstants& c, const LayerWidths& widths, std::string& note) {
    if (widths.weights == 16) add(note, "int16 weights");
    if (c.bias_bits > 0) {
      std::string text = "int" + std::to_string(c.bias_bits) + " bias";
      if (c.most_shift > 0) {
        text += " << " + std::to_string(c.least_shift);
        if (c.most_shift > c.least_shift) text += " to " + std::to_string(c.most_shift);
      }
      if (c.bias_error >= kNoticed) text += ", off by up to " + in_steps(c.bias_error);
      if (c.bias_error >= 0.25) text += ": this may cost accuracy";
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
  std::map<int, std::vector<std::pair<Grid, int>>> copies_;
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
