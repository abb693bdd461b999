// Outputs that are constants.
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// Makes each output of graph `entry` that is an integer constant the result of a last op, a RESHAPE that copies the
/// constant, so that a program whose outputs lie in its caller's memory writes it there. A QUANTIZE of a constant, as
/// quantized models have for such outputs, becomes the integers that profile `narrow` gives. Errors: of computing
/// those.
Status compute_constant_outputs(Model& model, int entry);

}  // namespace narrow
