// The rules behind `validate`, a file each. R1-R14 number the causes that the rules keep out.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// R3 values of the exact size, R11 quantization, and a shape signature that goes with the shape.
Status validate_tensor(const Tensor& tensor);

/// R11: scales finite and positive, as many as the axis has indices or one, zero points in the type's range.
Status validate_quantization(const Tensor& tensor);

/// R4: indices in range, one producer, an order of execution, nothing read and written by one op.
Status validate_flow(const Graph& graph);

/// R1, R7, R8, R10: what the definition of an op that narrow knows says of its operands; the shapes of its results.
/// None for a form of the op that it does not have, nor where the file does not say the shape of an operand.
Result<std::vector<Shape>> inferred_shapes(const Graph& graph, const Op& op);

/// Whether the results of an op have these shapes, so far as there are any.
Status compare_shapes(const Graph& graph, const Op& op, const std::vector<Shape>& shapes);

/// Both of these; success for an op that narrow does not know.
Status validate_op(const Graph& graph, const Op& op);

/// R9: graphs that ops run exist, no graph runs itself, nesting is within limits; signatures name graphs that exist,
/// and their inputs and outputs.
Status validate_references(const Model& model);

/// R9: graphs that ops run take and give what the ops hand in and out.
Status validate_bodies(const Model& model);

}  // namespace narrow
