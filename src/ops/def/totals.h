// Sums over a model, as reports give them.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// Multiply-accumulates of one run of the op; 0 for ops without any and for those that cannot be computed.
int64_t macs_of(const Graph& graph, const Op& op);

/// Whether the tensor is a constant that training made: real values, not shapes, axes or indices.
bool is_parameter(const Tensor& tensor);

/// A tensor's dimensions as its file has them, -1 where free.
std::vector<int32_t> file_shape(const Tensor& tensor);

/// Over all graphs.
struct Totals {
  int64_t ops = 0;
  int64_t macs = 0;
  int64_t parameters = 0;
};
Totals totals(const Model& model);

}  // namespace narrow
