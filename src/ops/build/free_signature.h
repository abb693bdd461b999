// Which dimensions of an op's results are free because those of its operands are.
#pragma once

#include <map>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// For each result of an op whose operands are tensors of `graph`, of the given shapes, what Tensor::shape_signature is
/// to say: -1 for dimensions that change where the free ones of the operands do, and nothing where none does.
/// `free_elements` holds, by operand computed from shapes, which of its 32-bit or 64-bit elements follow from free
/// dimensions.
std::vector<std::vector<int32_t>> free_signatures(const Graph& graph, const Op& op, const std::vector<Shape>& shapes,
                                                  const std::map<int, std::vector<bool>>& free_elements = {});

/// Sets Tensor::shape_signature of the results of the ops from index `first_op` on.
void mark_free_dimensions(Graph& graph, size_t first_op);

}  // namespace narrow
