// Graphs as text for people.
#pragma once

#include <string>

#include "graph/model.h"

namespace narrow {

/// "float32[1, 49, 10, 1]"; quantized tensors end in "(scale 0.5, zero point 83)" or "(64 scales along axis 0)", free
/// dimensions read "?".
std::string print(const Tensor& tensor);

/// A line for the inputs, one for each op in order, one for the outputs. An op's line reads
/// "  3  ADD  %7 'add' int8[1, 8] <- %5, %2 const int8[8]".
std::string print(const Graph& graph);

}  // namespace narrow
