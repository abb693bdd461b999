#include "ops/layers/layer_call.h"

namespace narrow {
namespace {

/// Bits of the biases as the kernel takes them; 0: of any width.
int bias_bits(const IntegerLayer& layer) {
  if (layer.host_only()) return layer.bias_type == DType::int64 ? 64 : 32;
  if (layer.is_plain()) return layer.wide_sums ? 64 : 32;
  return 0;
}

int weight_bits(DType type) {
  if (type == DType::int4) return 4;
  return type == DType::int8 ? 8 : 16;
}

}  // namespace

Result<const Kernel*> layer_kernel(std::span<const LayerKernel> kernels, DType data, const IntegerLayer& layer) {
  LayerKey const key{.activation_bits = data == DType::int8 ? 8 : 16,
                     .weight_bits = weight_bits(layer.weight_type),
                     .sum_bits = layer.wide_sums ? 64 : 32,
                     .bias_bits = bias_bits(layer),
                     .rounding = layer.rounding};
  const Kernel* const kernel = find_kernel(kernels, key);
  if (kernel) return kernel;
  return fail(ErrorKind::unsupported, std::string("no kernel computes ") + to_string(data) + " data with " +
                                          to_string(layer.weight_type) + " weights, " + std::to_string(key.sum_bits) +
                                          "-bit sums and this rounding");
}

void set_layer(KernelCall& call, nw_output& output, nw_bias_format& bias, const OpView& op, const LayerOperands& at,
               const IntegerLayer& layer) {
  output.channel_step = 1;
  output.zero_point = layer.zero_point;
  output.min = layer.clamp.lo;
  output.max = layer.clamp.hi;
  output.rounding = static_cast<nw_i32>(layer.rule);
  bias.bits = 8 * static_cast<nw_i32>(element_bytes(layer.bias_type));

  if (op.has_input(at.bias)) {
    int const wanted = bias_bits(layer);
    CallArgument& biases = call.arguments[2];
    if (wanted == 0 || wanted == bias.bits) {
      biases = operand(at.bias);
    } else {
      biases = array(call.arrays.size());
      if (wanted == 64)
        call.arrays.push_back(constant_array("bias", ElementType::i64, layer.bias));
      else
        call.arrays.push_back(
            constant_array("bias", ElementType::i32, std::vector<int32_t>(layer.bias.begin(), layer.bias.end())));
    }
  }
  if (layer.rounding == Rounding::float32)
    return call.point("scale", constant_array("scale", ElementType::f32, layer.scale));
  if (layer.rounding == Rounding::float64)
    return call.point("scale", constant_array("scale", ElementType::f64, layer.scale64));
  call.point("output.multiplier", constant_array("multiplier", ElementType::i32, layer.multiplier));
  std::vector<int8_t> const shift(layer.shift.begin(), layer.shift.end());
  call.point("output.shift", constant_array("shift", ElementType::i8, shift));
  call.point("bias.shift", constant_array("bias_shift", ElementType::u8, layer.bias_shift));
}

}  // namespace narrow
