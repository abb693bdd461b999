// Batch normalization as formats state it, in the one form that all readers give it.
#pragma once

#include <span>
#include <string>

#include "ops/build/graph_builder.h"

namespace narrow {

/// What training left of a batch normalization: a value for each channel, in each list. An empty `gamma` stands for
/// ones, an empty `beta` for zeros.
struct BatchNorm {
  std::span<const float> gamma{};
  std::span<const float> beta{};
  std::span<const float> mean{};
  std::span<const float> variance{};
  float epsilon = 0;
};

/// Adds gamma * (x - mean) / sqrt(variance + epsilon) + beta for channels along the last dimension of `x`, as a MUL and
/// an ADD of one constant per channel each, computed in float64 and rounded once; `name` is that of the result.
/// bad_file where lists and channels differ in length, or a variance plus epsilon is not positive.
Result<int> add_batch_norm(GraphBuilder& builder, int x, const BatchNorm& norm, const std::string& name);

}  // namespace narrow
