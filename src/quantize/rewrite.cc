#include "quantize/rewrite.h"

#include <map>

#include "graph/edit.h"
#include "ops/add.h"
#include "ops/conv_2d.h"
#include "ops/dequantize.h"
#include "ops/fully_connected.h"
#include "ops/quantize.h"
#include "ops/sub.h"
#include "ops/transpose_conv.h"
#include "quantize/layer_constants.h"

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

class Rewriter {
 public:
  Rewriter(const Model& model, const std::vector<Decision>& decisions, const Grids& grids, const Recipe& recipe)
      : source_(model.main()), decisions_(decisions), grids_(grids), recipe_(recipe), out_(model) {
    out_.main().ops.clear();
    for (size_t t = 0; t < source_.tensors.size(); ++t)
      if (auto const home = grids.home(static_cast<int>(t))) move_to(out_.main().tensors[t], *home);
  }

  Result<Model> run(std::vector<std::string>& notes) {
    notes.assign(source_.ops.size(), "");
    for (size_t i = 0; i < source_.ops.size(); ++i) {
      const Decision& d = decisions_[i];
      out_.main().ops.push_back(d.quantized   ? integer_op(i, notes[i])
                                : d.untouched ? source_.ops[i]
                                              : float_op(source_.ops[i]));
    }
    return std::move(out_);
  }

 private:
  static void move_to(Tensor& t, const Grid& grid) {
    t.dtype = grid.dtype;
    t.quantization = grid.quantization();
  }
  Graph& graph() { return out_.main(); }
  bool is_float(int t) const { return source_.tensor(t).dtype == DType::float32; }

  /// The tensor that holds the values of `t` on `grid`, converted right here where it is not there yet.
  int on_grid(int t, const Grid& grid) {
    if (auto const home = grids_.home(t); home && *home == grid) return t;
    for (const auto& [key, copy] : copies_)
      if (key.first == t && key.second == grid) return copy;
    const Tensor& from = source_.tensor(t);
    int copy = 0;
    if (from.constant) {
      copy = add_tensor(graph(), constant_on_grid(from, grid));
    } else {
      Tensor to = from;
      to.name += std::string("/") + to_string(grid.dtype);
      move_to(to, grid);
      copy = add_tensor(graph(), std::move(to));
      graph().ops.push_back(conversion(graph(), t, copy));
    }
    copies_.push_back({{t, grid}, copy});
    return copy;
  }

  /// The tensor that holds the values of `t` as float.
  int as_float(int t) {
    if (!grids_.home(t)) return t;
    auto [at, added] = floats_.try_emplace(t, 0);
    if (added) {
      Tensor to = source_.tensor(t);
      to.name += "/float32";
      to.constant = false;
      at->second = add_tensor(graph(), std::move(to));
      graph().ops.push_back(conversion(graph(), t, at->second));
    }
    return at->second;
  }

  Op float_op(const Op& op) {
    Op out = op;
    for (int& t : out.inputs)
      if (t != kNoTensor) t = as_float(t);
    return out;
  }

  Op integer_op(size_t index, std::string& note) {
    const Op& op = source_.ops[index];
    const Decision& d = decisions_[index];
    const QuantRule& rule = op.def->quant;
    Op out = op;
    int data = kNoTensor, weights = kNoTensor, bias = kNoTensor;  // operand positions
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      if (op.inputs[i] == kNoTensor || rule.role(i) == Role::index) continue;
      int const at = static_cast<int>(i);
      if (rule.role(i) == Role::weight) weights = at;
      if (rule.role(i) == Role::bias) bias = at;
      if (rule.role(i) != Role::activation || !is_float(op.inputs[i])) continue;
      if (data == kNoTensor) data = at;
      out.inputs[i] = on_grid(op.inputs[i], wanted(op, op.inputs[i], d.bits));
    }
    if (weights != kNoTensor) set_constants(op, out, {data, weights, bias}, d, note);
    take_any_scales(out);
    out.version = std::max(out.version, least_version(OpView{graph(), out}));
    return out;
  }

  struct LayerOperands {
    int data, weights, bias;
  };

  Grid wanted(const Op& op, int t, int bits) const {
    ScaleRule const rule = op.def->quant.output(bits);
    int const ruling = rule == ScaleRule::inputs_as_output ? op.outputs[0] : t;
    return *grids_.at(ruling, bits);
  }

  void set_constants(const Op& op, Op& out, LayerOperands at, const Decision& d, std::string& note) {
    auto source = [&](int i) -> const Tensor& { return source_.tensor(op.inputs[static_cast<size_t>(i)]); };
    Settings const s = recipe_.settings(op_name(source_, op), op.type, Role::weight);
    LayerForm const form{.input_scale = graph().tensor(out.inputs[static_cast<size_t>(at.data)]).quantization.scale(),
                         .axis = op.def->quant.weight_axis,
                         .granularity = s.granularity,
                         .bias_bits = d.bits == 16 ? std::max(d.settings.bias, 32) : 32};
    LayerConstants c = quantize_layer(source(at.weights), at.bias == kNoTensor ? nullptr : &source(at.bias), form);
    out.inputs[static_cast<size_t>(at.weights)] = add_tensor(graph(), std::move(c.weights));
    if (c.bias) out.inputs[static_cast<size_t>(at.bias)] = add_tensor(graph(), std::move(*c.bias));
    state_bias_type(out, form.bias_bits == 64 ? DType::int64 : DType::int32);
    if (c.widened_channels > 0)
      note = std::to_string(c.widened_channels) + " weight scale(s) enlarged so that the bias fits";
  }

  const Graph& source_;
  const std::vector<Decision>& decisions_;
  const Grids& grids_;
  const Recipe& recipe_;
  Model out_;
  std::vector<std::pair<std::pair<int, Grid>, int>> copies_;
  std::map<int, int> floats_;
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

Result<Model> rewrite(const Model& model, const std::vector<Decision>& decisions, const Grids& grids,
                      const Recipe& recipe, std::vector<std::string>& notes) {
  return Rewriter(model, decisions, grids, recipe).run(notes);
}

}  // namespace narrow
