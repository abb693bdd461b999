// The graphs that a control flow op runs.
#pragma once

#include <vector>

#include "tflite/format.h"

namespace narrow {

/// Indices of the graphs named in the op's options, as the file has them.
std::vector<int> called_graphs(const format::Operator& op);

}  // namespace narrow
