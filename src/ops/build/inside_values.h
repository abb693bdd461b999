// Tensors for values inside of ops, which only calibration and quantization speak of.
#pragma once

#include "graph/model.h"

namespace narrow {

/// The model with tensors for the values inside of its float ops that matter for scales (QuantRule::inside), so that a
/// calibration sees them and a quantizer can speak of them. Runtimes do not look at them in float ops.
Model with_inside_values(Model model);

/// Removes these tensors from the ops that are float.
void forget_inside_values(Model& model);

}  // namespace narrow
