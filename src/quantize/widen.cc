#include "quantize/widen.h"

#include <algorithm>

#include "quantize/operands.h"

namespace narrow {
namespace {

const Tensor* constant_with(const Graph& graph, const Op& op, Role role) {
  int const at = operand_with(op, role);
  return at == kNoTensor ? nullptr : &graph.tensor(op.inputs[static_cast<size_t>(at)]);
}

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

bool is_integer_layer(const Graph& graph, const Op& op) {
  const Tensor* const weights = constant_with(graph, op, Role::weight);
  const Tensor* const data = constant_with(graph, op, Role::activation);
  if (op.outputs.empty() || graph.tensor(op.outputs[0]).quantization.scales.size() != 1) return false;
  return weights && data && weights->constant && !weights->opaque && weights->dtype == DType::int8 &&
         weights->quantization.present() && data->quantization.scales.size() == 1 &&
         (data->dtype == DType::int8 || data->dtype == DType::int16);
}

Arithmetic arithmetic_of(const Graph& graph, const Op& op) {
  if (op.arithmetic) return *op.arithmetic;
  const Tensor* const bias = constant_with(graph, op, Role::bias);
  bool const wide =
      constant_with(graph, op, Role::activation)->dtype == DType::int16 && (!bias || bias->dtype == DType::int64);
  return wide ? Arithmetic{RoundingRule::half_up, 64} : Arithmetic{RoundingRule::twice, 32};
}

Result<std::optional<LayerConstants>> widen_layer(const Graph& graph, const Op& op, const Settings& settings) {
  const Tensor& weights = *constant_with(graph, op, Role::weight);
  const Tensor& data = *constant_with(graph, op, Role::activation);
  const Tensor* const bias = constant_with(graph, op, Role::bias);
  bool const rebias = bias && settings.bias && *settings.bias != bits_of(bias->dtype);
  if (settings.weights != 16 && !rebias) return std::optional<LayerConstants>();
  LayerForm form{.input_scale = data.quantization.scale(),
                 .output_scale = graph.tensor(op.outputs[0]).quantization.scale()};
  form.widths.activations = bits_of(data.dtype);
  form.widths.arithmetic = arithmetic_of(graph, op);
  LayerConstants out;
  out.weights = settings.weights == 16 ? in_16_bits(weights) : weights;
  if (!rebias) return std::optional(std::move(out));
  if (!bias->constant) return fail(ErrorKind::unsupported, "its bias is computed, not constant");
  form.widths.bias = *settings.bias;
  if (std::string const why = conflict(form.widths); !why.empty()) return fail(ErrorKind::bad_option, why);
  NARROW_CHECK(rewrite_bias(out, *bias, form));
  return std::optional(std::move(out));
}

}  // namespace narrow
