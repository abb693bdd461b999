// Elements chosen by positions, for ops that are made of it.
#pragma once

#include <vector>

#include "read/onnx/node.h"

namespace narrow::onnx {

/// Positions as int32 that count from the front, along dimensions of these lengths (one, or one for each of the last
/// dimension's). Computed ones that are outside of the data are an error when the op runs.
Result<int> from_front(Node& n, int positions, const std::vector<int32_t>& lengths);

/// For each position in `at`, the element there along the axis; other dimensions of `at` go together with the data's.
Result<int> elements_at(Node& n, int data, int at, int axis, const std::string& name);

}  // namespace narrow::onnx
