#include "quantize/rewrite/layers.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"
#include "quantize/params.h"
#include "quantize/plan/stored_constants.h"

namespace narrow {
namespace {

constexpr double kNoticed = 0.001;  // errors below this, in steps of the result, are not told
constexpr double kCostly = 0.25;    // errors from this on may cost accuracy

/// "int16 bias << 2 to 5, bias error at most 0.031 LSB of the output".
std::string describe(const StoredBias& bias) {
  std::string text = fmt::format("int{} bias", bias.bits);
  if (bias.most_shift > 0) text += fmt::format(" << {}", bias.least_shift);
  if (bias.most_shift > bias.least_shift) text += fmt::format(" to {}", bias.most_shift);
  if (bias.error >= kNoticed) text += fmt::format(", bias error at most {:.3g} LSB of the output", bias.error);
  if (bias.error >= kCostly) text += ": this may cost accuracy";
  return text;
}

void describe(const LayerConstants& c, const LayerWidths& widths, std::string& note) {
  if (widths.weights == 16) add_note(note, "int16 weights");
  if (widths.weights < 8) add_note(note, fmt::format("{}-bit weights", widths.weights));
  if (c.bias && c.bias->bits > 0) add_note(note, describe(*c.bias));
  if (c.widened_channels == 0) return;
  std::string text = fmt::format("{} weight scale(s) enlarged so that ", c.widened_channels);
  text +=
      widths.is_tflite() ? "the bias fits" : fmt::format("the sums fit {} bits", widths.arithmetic.accumulator_bits);
  if (c.weight_bits_left > 0) text += fmt::format(", {} bits left", c.weight_bits_left);
  add_note(note, text);
}

int bits_of(DType type) {
  return 8 * static_cast<int>(element_bytes(type));
}

/// Weights that have a zero point lose it.
Tensor in_16_bits(const Tensor& weights) {
  auto const w = weights.values<int8_t>();
  int const zero = weights.quantization.per_axis() ? 0 : weights.quantization.zero_point();
  std::vector<int16_t> wide(w.size());
  std::transform(w.begin(), w.end(), wide.begin(), [&](int8_t v) { return static_cast<int16_t>(v - zero); });
  Tensor out = weights;
  out.quantization.zero_points.assign(out.quantization.scales.size(), 0);
  out.dtype = DType::int16;
  out.data = SharedBytes::copy_of(std::span<const int16_t>(wide));
  return out;
}

}  // namespace

void add_note(std::string& note, const std::string& text) {
  if (!text.empty()) note += (note.empty() ? "" : "; ") + text;
}

Result<RewrittenLayer> quantize_layer_op(const Op& op, const Tensor& weights, const Tensor* bias,
                                         const LayerSpec& spec) {
  if (std::string const why = conflict(spec.widths); !why.empty()) return fail(ErrorKind::bad_option, why);
  RewrittenLayer out;
  if (is_kept_weight(op, weights) &&
      (spec.widths.weights > 8 || fit_bits(weights.values<int8_t>(), spec.widths.weights))) {
    NARROW_TRY(out.constants, keep_layer(weights, bias, spec));
    out.constants.weights.four_bits = spec.widths.weights == 4;
    add_note(out.note, "weights kept as they are in the file");
  } else {
    bool const is_float = weights.dtype == DType::float32;
    if (!is_float)
      add_note(out.note, is_kept_weight(op, weights) ? "weights were int8 of more bits"
                                                     : std::string("weights were ") + to_string(weights.dtype) +
                                                           " that its kernels do not take");
    out.constants = quantize_layer(is_float ? weights : as_float_constant(weights), bias, spec);
  }
  describe(out.constants, spec.widths, out.note);
  if (spec.rounding) add_note(out.note, std::string("weights rounded by ") + to_string(*spec.rounding));
  if (!spec.widths.is_tflite()) out.arithmetic = spec.widths.arithmetic;
  DType const absent = spec.widths.arithmetic.accumulator_bits == 64 ? DType::int64 : DType::int32;
  out.bias_type = out.constants.bias ? out.constants.bias->tensor.dtype : absent;
  return out;
}

bool is_integer_layer(const OpView& op) {
  const Tensor* const weights = tensor_with(op, Role::weight);
  const Tensor* const data = tensor_with(op, Role::activation);
  if (op.op.outputs.empty() || op.output().quantization.scales.size() != 1) return false;
  return weights && data && weights->constant && !weights->opaque && weights->dtype == DType::int8 &&
         weights->quantization.present() && data->quantization.scales.size() == 1 &&
         (data->dtype == DType::int8 || data->dtype == DType::int16);
}

Result<std::optional<RewrittenLayer>> change_widths(const OpView& op, const Settings& settings) {
  const Tensor& weights = *tensor_with(op, Role::weight);
  const Tensor& data = *tensor_with(op, Role::activation);
  const Tensor* const bias = tensor_with(op, Role::bias);
  bool const widens = settings.weights == 16;
  bool const packs = settings.weights == 4;
  bool const rewrites_bias = bias && settings.bias && *settings.bias != bits_of(bias->dtype);
  if (settings.weights < 8 && !fit_bits(weights.values<int8_t>(), settings.weights))
    return fail(ErrorKind::unsupported,
                "its weights are integers of more than " + std::to_string(settings.weights) + " bits in the file", {},
                "quantize the float model, or give `weights` for all layers, which makes them of the real values");
  if (!widens && !packs && !rewrites_bias) return std::optional<RewrittenLayer>();
  LayerSpec spec{.input_scale = data.quantization.scale(), .output_scale = op.output().quantization.scale()};
  spec.widths.activations = bits_of(data.dtype);
  spec.widths.arithmetic = op.op.arithmetic.value_or(*tflite_arithmetic(op));
  RewrittenLayer out{.constants = {.weights = widens ? in_16_bits(weights) : weights, .bias = {}},
                     .note = {},
                     .arithmetic = spec.widths.arithmetic};
  out.constants.weights.four_bits = packs;
  if (rewrites_bias) {
    if (!bias->constant) return fail(ErrorKind::unsupported, "its bias is computed, not constant");
    spec.widths.bias = *settings.bias;
    if (std::string const why = conflict(spec.widths); !why.empty()) return fail(ErrorKind::bad_option, why);
    NARROW_CHECK(rewrite_bias(out.constants, *bias, spec));
    out.bias_type = out.constants.bias->tensor.dtype;
  }
  describe(out.constants, {.weights = settings.weights}, out.note);
  return std::optional(std::move(out));
}

}  // namespace narrow
