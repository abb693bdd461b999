// The kernel call of a layer: from its resolved arithmetic to parameters and constant arrays.
#pragma once

#include "ops/layers/integer_layer.h"
#include "portable/layers/conv2d_epilogue.h"
#include "rows/layers.h"

namespace narrow {

/// Which kernel of an op computes the layer; unsupported where none does.
Result<const Kernel*> layer_kernel(std::span<const LayerKernel> kernels, DType data, const IntegerLayer& layer);

/// Sets the biases, and what the layer's accumulators become, in a call with the arguments (input, weights, biases,
/// output, scratch). `output` and `bias` are inside of the call's parameters.
void set_layer(KernelCall& call, nw_output& output, nw_bias_format& bias, const OpView& op, const LayerOperands& at,
               const IntegerLayer& layer);

/// The step of a layer; `params` has all but the biases and the output.
template <class Params>
Result<Step> layer_step(std::span<const LayerKernel> kernels, Params params, const OpView& op, const LayerOperands& at,
                        const IntegerLayer& layer) {
  NARROW_TRY(const Kernel* const kernel, layer_kernel(kernels, op.input(at.data).dtype, layer));
  params.input_zero_point = layer.input_zero_point;
  auto const call_of = [&]<class All>(const All& all) {
    KernelCall call = kernel_call(*kernel, all, {operand(at.data), operand(at.weights), absent(), result(), scratch()});
    All& set = *reinterpret_cast<All*>(call.params.data());
    set_layer(call, set.output, set.bias, op, at, layer);
    return call;
  };
  switch (layer.rounding) {
    case Rounding::float32:
      return call_step(call_of(host::Scaled<Params, float>{params, nullptr}));
    case Rounding::float64:
      return call_step(call_of(host::Scaled<Params, double>{params, nullptr}));
    default:
      return call_step(call_of(params));
  }
}

}  // namespace narrow
