#include "quantize/rewrite/op_parts.h"

#include <algorithm>
#include <set>

#include "graph/edit.h"
#include "ops/integer/quantized.h"
#include "quantize/weights/parts.h"

namespace narrow {
namespace {

class PartsRewriter {
 public:
  PartsRewriter(const RewrittenGraph& at, const LayerWidths& widths) : at_(at), widths_(widths) {}

  Status run(const Op& op, Op& out) {
    if (!widths_.is_tflite()) out.arithmetic = widths_.arithmetic;
    if (out.arithmetic && op.def->quant.rounds_once) out.arithmetic->rounding = RoundingRule::half_up;
    list_inside(out);
    for (const OperandPart& part : op.def->quant.parts) {
      if (part.kind == OperandPart::Kind::state) {
        out.inputs.resize(std::max<size_t>(out.inputs.size(), part.operand + size_t{1}), kNoTensor);
        set_state(op, out, part);
        continue;
      }
      if (!has(op, part.operand)) continue;
      if (part.kind == OperandPart::Kind::begin) {
        if (at_.source.tensor(op.inputs[part.operand]).variable) set_state(op, out, part);
        continue;
      }
      NARROW_TRY(Tensor stored, part_constant(op, out, part));
      bool is_another = false;
      out.inputs[part.operand] = at_.copies.constant(op.inputs[part.operand], std::move(stored), is_another);
    }
    std::erase_if(out.intermediates, [&](int t) { return unlisted_.contains(t); });
    return {};
  }

  /// Those of `out`, whose data and results are integers.
  std::vector<PartSpec> matrices(const Op& op, const Op& out) const {
    std::vector<PartSpec> specs;
    for (const OperandPart& part : op.def->quant.parts) {
      if (part.kind != OperandPart::Kind::weights || part.of.kind == ScaleOf::Kind::inside || !has(op, part.operand))
        continue;
      const Tensor& data = scale_of(out, part.of);
      PartSpec spec{.weights = part.operand, .of_result = part.of.kind == ScaleOf::Kind::result, .spec = {}};
      if (const OperandPart* const bias = bias_on(op, part.operand)) spec.bias = bias->operand;
      bool const by_row = part.by_row && !widths_.power_of_two;
      spec.spec = {.input_scale = data.quantization.scale(),
                   .output_scale = kPartStep,
                   .max_input = reach(data),
                   .granularity = by_row ? Granularity::channel : Granularity::tensor,
                   .widths = widths_};
      specs.push_back(std::move(spec));
    }
    std::stable_partition(specs.begin(), specs.end(), [](const PartSpec& s) { return !s.of_result; });
    return specs;
  }

 private:
  /// Values inside have no shape in a file. Those that the op does not have take the parameters of a value like them
  /// that it has, which readers look for, or the first result's.
  void list_inside(const Op& out) {
    int like = kNoTensor;
    for (size_t i = 0; i < out.intermediates.size(); ++i)
      if (rule_16(out, i) && at_.copies.canonical(out.intermediates[i])) like = out.intermediates[i];
    for (size_t i = 0; i < out.intermediates.size(); ++i) {
      const Inside& rule = out.def->quant.inside[i];
      Tensor& t = at_.out.tensor(out.intermediates[i]);
      int const from = rule_16(out, i) ? like : out.outputs[0];
      if (rule.params != Inside::Params::none && from != kNoTensor && !at_.copies.canonical(out.intermediates[i])) {
        t.dtype = at_.out.tensor(from).dtype;
        t.quantization = at_.out.tensor(from).quantization;
      }
      t.shape = Shape::of({0});
      if (!rule.listed) unlisted_.insert(out.intermediates[i]);
    }
  }

  static bool rule_16(const Op& op, size_t inside) {
    return op.def->quant.inside[inside].params == Inside::Params::symmetric_16;
  }

  const Tensor& scale_of(const Op& out, const ScaleOf& of) const {
    const std::vector<int>& list = of.kind == ScaleOf::Kind::operand  ? out.inputs
                                   : of.kind == ScaleOf::Kind::result ? out.outputs
                                                                      : out.intermediates;
    return at_.out.tensor(list[of.index]);
  }

  void set_state(const Op& op, Op& out, const OperandPart& part) {
    const Tensor& like = scale_of(out, part.of);
    DType const dtype = like.dtype;
    Quantization const quantization = like.quantization;
    int& t = out.inputs[part.operand];
    if (t == kNoTensor) {
      for (const StateShape& s : op.def->states(OpView{at_.source, op}))
        if (s.operand == part.operand)
          t = add_tensor(at_.out, zeros(op_name(at_.source, op) + "/state_" + std::to_string(part.operand), s.shape,
                                        dtype, quantization));
      return;
    }
    at_.out.tensor(t).dtype = dtype;
    at_.out.tensor(t).quantization = quantization;
  }

  Result<Tensor> part_constant(const Op& op, const Op& out, const OperandPart& part) const {
    const Tensor& given = constant_of(op, part.operand);
    if (part.kind != OperandPart::Kind::bias)
      return symmetric_constant(given, part_scales(op, out, part), bits_of(part));
    const Tensor& steps = at_.out.tensor(out.inputs[stands_on_factors(op, part) ? part.factors : part.weights]);
    std::vector<float> scales = steps.quantization.scales;
    scales.erase(scales.begin(), scales.begin() + static_cast<std::ptrdiff_t>(first_row(given, scales.size())));
    return part_bias(given, data_scale(op, out, part), scales, widths_);
  }

  /// Whether a bias counts steps of the factors that it is added behind, and not of the sums of weights.
  static bool stands_on_factors(const Op& op, const OperandPart& bias) {
    return bias.factors != 0 && has(op, bias.factors);
  }

  /// The scale of the data with which those meet that a bias stands on.
  float data_scale(const Op& op, const Op& out, const OperandPart& bias) const {
    return stands_on_factors(op, bias) ? kFactorsUnit : scale_of(out, bias.of).quantization.scale();
  }

  int bits_of(const OperandPart& part) const { return part.kind == OperandPart::Kind::weights ? widths_.weights : 16; }

  /// The scale, of so many, of the first value of a bias, whose last value has the last scale.
  static size_t first_row(const Tensor& bias, size_t scales) {
    auto const count = static_cast<size_t>(bias.elements());
    return scales > count ? scales - count : 0;
  }

  /// The scales of weights, one or as many as rows, at which also the bias that counts steps of them fits its
  /// type.
  std::vector<float> part_scales(const Op& op, const Op& out, const OperandPart& weights) const {
    const Tensor& given = constant_of(op, weights.operand);
    size_t const count = weights.by_row ? static_cast<size_t>(given.shape[0]) : 1;
    std::vector<float> scales = widths_.power_of_two
                                    ? std::vector<float>(count, power_of_two_scale(given, bits_of(weights)))
                                    : symmetric_scales(given, count, bits_of(weights));
    const OperandPart* const part = bias_on(op, weights.operand);
    const Tensor* const bias = part ? &constant_of(op, part->operand) : nullptr;
    if (weights.kind == OperandPart::Kind::summed) {
      auto const sums = static_cast<size_t>(at_.source.tensor(op.outputs[0]).shape.back());
      scales[0] =
          std::max(scales[0], short_sums_scale(given, bias, sums, scale_of(out, weights.of).quantization.scale()));
    }
    if (!bias) return scales;
    float const data = data_scale(op, out, *part);
    size_t row = first_row(*bias, count);
    for (float most : largest_of_parts(*bias, count - row)) {
      if (widths_.power_of_two)
        while (most > 0x1p30F * data * scales[row]) scales[row] *= 2;
      else
        scales[row] = std::max(scales[row], most / (0x1p30F * data));
      ++row;
    }
    return scales;
  }

  /// The bias of an op that counts steps of that operand, of weights or factors; null where there is none.
  static const OperandPart* bias_on(const Op& op, size_t operand) {
    for (const OperandPart& part : op.def->quant.parts)
      if (part.kind == OperandPart::Kind::bias && has(op, part.operand) &&
          (stands_on_factors(op, part) ? part.factors : part.weights) == operand)
        return &part;
    return nullptr;
  }

  static bool has(const Op& op, size_t operand) {
    return operand < op.inputs.size() && op.inputs[operand] != kNoTensor;
  }

  const Tensor& constant_of(const Op& op, size_t operand) const {
    return *at_.constants.behind({at_.number, op.inputs[operand]});
  }

  static constexpr float kFactorsUnit = 0x1p-10F;  // of a bias behind factors, in steps of these

  const RewrittenGraph& at_;
  const LayerWidths& widths_;
  std::set<int> unlisted_;  // intermediates that files do not list
};

}  // namespace

Result<std::vector<PartSpec>> rewrite_parts(const RewrittenGraph& at, const Op& op, Op& out,
                                            const LayerWidths& widths) {
  PartsRewriter rewriter(at, widths);
  NARROW_CHECK(rewriter.run(op, out));
  return rewriter.matrices(op, out);
}

}  // namespace narrow
