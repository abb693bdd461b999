// The rules behind `validate`, a file each. R1-R14 number the causes that the rules keep out.
#pragma once

#include "graph/model.h"

namespace narrow {

/// R3 values of the exact size, R11 quantization, and a shape signature that goes with the shape.
Status validate_tensor(const Tensor& tensor);

/// R11: scales finite and positive, as many as the axis has indices or one, zero points in the type's range.
Status validate_quantization(const Tensor& tensor);

/// R4: indices in range, one producer, an order of execution, nothing read and written by one op.
Status validate_flow(const Graph& graph);

/// R9: bodies exist, no graph runs itself, nesting within limits; signatures name inputs and outputs.
Status validate_calls(const Model& model);

}  // namespace narrow
