// Tensors of zeros whose scale a quantizer wrote as 0, having seen no other value.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Gives results of FILL that hold nothing but the constant 0 a scale, 2^-126, where the file says 0 and all that
/// reads them are products (MUL, and FULLY_CONNECTED without a bias): these are 0 whatever the scale is, as LiteRT
/// computes them with a factor of 0. Other tensors stay as they are, and `validate` refuses them.
void give_zeros_a_scale(Graph& graph);

}  // namespace narrow
