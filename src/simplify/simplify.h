// simplify(): what can be computed or removed before a model is run or quantized.
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// The model after all passes (passes.h): constant ops computed, batch normalization and activations fused into the
/// layers before them, dilated layers restored, ops without effect removed. Inputs and outputs keep their names and
/// order. Results stay the same bit for bit, unless batch normalization was folded. Constants stored as integers stay
/// integers, and free dimensions free: what depends on them is computed by the model. Errors: bad_file where a computed
/// shape turns out to contradict the model's.
Result<Model> simplify(const Model& model);

/// The model to run in place of `model`, with its free dimensions as they are: ops whose operands are all constant, and
/// shapes, are computed, among them DEQUANTIZE of constants stored as integers or float16, by portable kernels, so the
/// result does not depend on the machine. Tensors keep their indices. Errors: those of simplify.
Result<Model> fold_constants(const Model& model);

/// An integer model without the channels that its outputs do not depend on: those whose weights are all zero wherever
/// they are read, and those that hold one value whatever the inputs are, which goes into the biases of the layers that
/// read them. Outputs stay the same bit for bit under every profile that computes the model, but for one: `xnnpack`
/// rounds ties of depthwise layers with 4-bit weights by the place of a channel (Rounding::mixed), which may change.
/// Inputs, outputs and the order of ops stay as they are. Models without such channels, and float ones, come back
/// unchanged.
Result<Model> remove_dead_channels(Model model);

/// Stores weights with `four_bits` as int4, two in a byte: the last step before a model is written or lowered to C.
void pack_weights(Model& model);

/// No weights have `four_bits` any more: how the model stores them does not say how they are to be stored.
void forget_four_bits(Model& model);

}  // namespace narrow
