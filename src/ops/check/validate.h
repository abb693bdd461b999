// The one validator: what every reader and every pass must hand over.
#pragma once

#include <vector>

#include "graph/model.h"
#include "narrow/model.h"

namespace narrow {

/// Checks a whole model, so that later stages may trust it: indices in range, one producer for each tensor, ops in
/// an order of execution, no tensor both read and written by one op, constants present and of the exact size,
/// quantization well-formed (finite positive scales, zero points in the type's range, one scale or one for each
/// index of the axis), operand counts and shapes as each op's definition infers them, graph nesting within limits.
/// A form of an op that its definition does not have is no error here, but where the op is lowered.
/// Errors are bad_file, unsupported or limit_exceeded and name graph, op and tensor. Source: the causes of past
/// vulnerabilities in runtimes of this format.
Status validate(const Model& model);

/// The same for what a reader made of a file. Free dimensions of inputs are fixed as the options say, or are what
/// they are (1 in a file); other shapes that the file leaves open become those that the ops infer from them; what they
/// compute from shapes alone is evaluated (Tensor::from_shapes).
Status settle(Model& model, const LoadOptions& options = {});

/// The same for one op that narrow knows and of whose operands more has become known.
Status settle(Graph& graph, const Op& op);

/// Whether a model can be looked at without looking outside of it: indices in range, constants of their exact size, one
/// producer for each tensor, graphs that do not run themselves. Part of `validate`, which checks ops besides.
Status check_structure(const Model& model);

/// Whether an op of a validated model that narrow knows can be computed. unsupported, naming the tensor, for values
/// that narrow only carries (strings, handles, sparse constants, quantization in blocks) and unknown shapes; what the
/// op's definition says of a form that it does not have.
Status check_computable(const Graph& graph, const Op& op);

/// By tensor of a validated graph: whether its values come from an op that narrow does not know or cannot compute,
/// directly or through other ops.
std::vector<bool> uncomputable_tensors(const Graph& graph);

}  // namespace narrow
