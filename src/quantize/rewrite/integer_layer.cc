#include "quantize/rewrite/integer_layer.h"

#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"

namespace narrow {
namespace {

int bits_of(DType type) {
  return 8 * static_cast<int>(element_bytes(type));
}

Tensor in_16_bits(const Tensor& weights) {
  auto const w = weights.values<int8_t>();
  std::vector<int16_t> const wide(w.begin(), w.end());
  Tensor out = weights;
  out.dtype = DType::int16;
  out.data = SharedBytes::copy_of(std::span<const int16_t>(wide));
  return out;
}

}  // namespace

bool is_integer_layer(const OpView& op) {
  const Tensor* const weights = tensor_with(op, Role::weight);
  const Tensor* const data = tensor_with(op, Role::activation);
  if (op.op.outputs.empty() || op.output().quantization.scales.size() != 1) return false;
  return weights && data && weights->constant && !weights->opaque && weights->dtype == DType::int8 &&
         weights->quantization.present() && data->quantization.scales.size() == 1 &&
         (data->dtype == DType::int8 || data->dtype == DType::int16);
}

Arithmetic arithmetic_of(const OpView& op) {
  return op.op.arithmetic.value_or(*tflite_arithmetic(op));
}

Result<std::optional<LayerConstants>> rewrite_integer_layer(const OpView& op, const Settings& settings) {
  const Tensor& weights = *tensor_with(op, Role::weight);
  const Tensor& data = *tensor_with(op, Role::activation);
  const Tensor* const bias = tensor_with(op, Role::bias);
  bool const rebias = bias && settings.bias && *settings.bias != bits_of(bias->dtype);
  if (settings.weights != 16 && !rebias) return std::optional<LayerConstants>();
  LayerSpec spec{.input_scale = data.quantization.scale(), .output_scale = op.output().quantization.scale()};
  spec.widths.activations = bits_of(data.dtype);
  spec.widths.arithmetic = arithmetic_of(op);
  LayerConstants out;
  out.weights = settings.weights == 16 ? in_16_bits(weights) : weights;
  if (!rebias) return std::optional(std::move(out));
  if (!bias->constant) return fail(ErrorKind::unsupported, "its bias is computed, not constant");
  spec.widths.bias = *settings.bias;
  if (std::string const why = conflict(spec.widths); !why.empty()) return fail(ErrorKind::bad_option, why);
  NARROW_CHECK(rewrite_bias(out, *bias, spec));
  return std::optional(std::move(out));
}

}  // namespace narrow
