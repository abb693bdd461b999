// What can be worked out of a model before it runs.
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// The model without what its graphs need not compute: constant ops folded, batch norms and activations fused into the
/// layers before them, layers between tiles dilated, ops that change nothing left out. Inputs and outputs keep their
/// names and order; results stay the same, to the bit unless a batch norm was folded. Constants stored in integers stay
/// so.
/// Errors: bad_file where a computed shape turns out to contradict the model's.
Result<Model> simplify(const Model& model);

/// The model to run in place of `model`: ops of constants only are computed, DEQUANTIZE of stored integers and halves
/// among them, by plain loops on whichever machine. Tensors keep their indices. Errors: those of simplify.
Result<Model> fold_constants(const Model& model);

}  // namespace narrow
