#include "quantize/plan/coarse_steps.h"

#include <fmt/format.h>

namespace narrow {
namespace {

constexpr double kFewSteps = 4;

constexpr const char* kRemedy =
    "; use 16-bit activations, or keep values of so different size apart (outputs of their own, `keep_float`)";

/// Whether values of the operands become results without a change of their size, so that the result's step is theirs.
bool keeps_size(const QuantRule& rule, int bits) {
  ScaleRule const output = rule.output(bits);
  return output == ScaleRule::same || output == ScaleRule::inputs_as_output || rule.far == FarValues::sum ||
         rule.far == FarValues::difference;
}

class Warnings {
 public:
  Warnings(const PlacedModel& placed, const ActivationParams& params) : placed_(placed), params_(params) {}

  std::vector<std::string> run() && {
    for (int g = 0; g < placed_.graphs(); ++g)
      for (size_t i = 0; i < placed_.graph(g).ops.size(); ++i) {
        const Decision& d = placed_.decisions.of(static_cast<size_t>(g), i);
        if (d.placement == Placement::integer) examine(g, i, d.bits);
      }
    return std::move(lines_);
  }

 private:
  void examine(int g, size_t index, int bits) {
    const Op& op = placed_.graph(g).ops[index];
    for (size_t k = 0; k < op.inputs.size(); ++k) {
      TensorRef const t{g, op.inputs[k]};
      if (op.def->quant.role(k) != Role::activation || !placed_.is_float(t)) continue;
      const ChosenParams* const operand = params_.at(t, bits);
      if (!operand || !operand->own.range) continue;
      if (keeps_size(op.def->quant, bits)) against_result(g, index, k, *operand, bits);
      if (op.def->quant.operand_of_result) near_zero(g, index, k, *operand, bits);
      if (op.def->quant.far == FarValues::softmax && operand->params.scale > 1)
        say(g, index, k, *operand, operand->params.scale, "differences below a step are lost");
    }
  }

  /// The operand's extent beside the step of the result, or of the operands' common parameters where the op has none.
  void against_result(int g, size_t index, size_t k, const ChosenParams& operand, int bits) {
    const Op& op = placed_.graph(g).ops[index];
    TensorRef const to{g, op.outputs.empty() ? kNoTensor : op.outputs[0]};
    const ChosenParams* const result = placed_.is_float(to) ? params_.at(to, bits) : nullptr;
    float const step = result ? result->params.scale : operand.params.scale;
    if (extent(operand) > 0 && extent(operand) < kFewSteps * static_cast<double>(step) && op.inputs.size() > 1)
      say(g, index, k, operand, step, "most of its values are lost");
  }

  /// The operand for the largest result seen beside the operand's step.
  void near_zero(int g, size_t index, size_t k, const ChosenParams& operand, int bits) {
    const Op& op = placed_.graph(g).ops[index];
    const ChosenParams* const result = params_.at({g, op.outputs[0]}, bits);
    if (!result || !result->own.range || !(result->own.range->hi > 0)) return;
    float const smallest = op.def->quant.operand_of_result(result->own.range->hi);
    if (smallest < 2 * operand.params.scale)
      say(g, index, k, operand, operand.params.scale,
          fmt::format("values as small as {:.3g} occur, for which the result is far off", smallest));
  }

  static double extent(const ChosenParams& operand) {
    return static_cast<double>(operand.own.range->hi) - static_cast<double>(operand.own.range->lo);
  }

  void say(int g, size_t index, size_t k, const ChosenParams& operand, float step, const std::string& loss) {
    const Graph& graph = placed_.graph(g);
    lines_.push_back(fmt::format("{}: operand {} '{}' spans {:.4g} to {:.4g}, a step is {:.3g}: {}{}",
                                 op_label(graph, index), k, graph.tensor(graph.ops[index].inputs[k]).name,
                                 operand.own.range->lo, operand.own.range->hi, step, loss, kRemedy));
  }

  const PlacedModel& placed_;
  const ActivationParams& params_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> warn_of_coarse_steps(const PlacedModel& placed, const ActivationParams& params) {
  return Warnings(placed, params).run();
}

}  // namespace narrow
