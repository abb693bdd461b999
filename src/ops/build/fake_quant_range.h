// Ranges that training with quantization left, as formats state them (FakeQuant nodes of TensorFlow, wrappers of
// tensorflow_model_optimization), in the one form that all readers give them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ops/build/graph_builder.h"
#include "ops/conversions/conversions.h"

namespace narrow {

/// The grid of one range for all values, or of one for each index of the last dimension.
struct FakeQuantRange {
  std::vector<float> min;
  std::vector<float> max;
  int num_bits = 8;
  bool narrow_range = false;

  bool per_channel() const { return min.size() > 1; }
};

/// The range at `index`, which moves to hold zero where it does not, as TensorFlow moves it: its width stays.
FakeQuantAttributes attributes_of(const FakeQuantRange& range, size_t index);

/// The values rounded to the grid of the range, computed as TensorFlow does; channels lie along the last dimension, and
/// there is at least one range. bad_file where a range makes no grid.
Result<std::vector<float>> rounded_to_range(std::span<const float> values, const FakeQuantRange& range);

/// Names of the tensors that `add_range` adds.
struct RangeNames {
  std::string stored;
  std::string rounded;
};

/// Adds the ops that give the constant `tensor` the range: FAKE_QUANT for one range; for ranges of channels QUANTIZE
/// and DEQUANTIZE, whose values must be on the grids already, and whose channels lie along the first dimension, or
/// along the last one, repeated for each channel of the data where a depthwise layer has several. The tensor that
/// DEQUANTIZE or FAKE_QUANT gives. Errors: bad_file, unsupported for grids of channels that int8 and uint8 do not hold.
Result<int> add_range(GraphBuilder& builder, int tensor, const FakeQuantRange& range, const RangeNames& names);

}  // namespace narrow
