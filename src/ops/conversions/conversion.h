// Making QUANTIZE and DEQUANTIZE ops.
#pragma once

#include "graph/model.h"

namespace narrow {

/// An op that converts tensor `from` of `graph` to tensor `to`: DEQUANTIZE where `to` is float32, otherwise QUANTIZE.
Op conversion(const Graph& graph, int from, int to);

}  // namespace narrow
