// What a report tells of weights: their range by channel, and their error.
#pragma once

#include <vector>

#include "graph/model.h"
#include "narrow/report.h"

namespace narrow {

/// Bits of the integers of a tensor; 32 for floats, 16 for float16.
int bits_of(const Tensor& tensor);

/// Of each layer of a graph, in order; `reference` is the float graph with weights of the same names, or null.
std::vector<ReportWeights> report_weights(const Graph& graph, const Graph* reference);

}  // namespace narrow
