// The range of each tensor by itself, before tensors share quantization parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantize/plan/tensor_widths.h"

namespace narrow {

struct TensorRange {
  std::optional<Range> range{};  // empty where none is known
  std::string method{};          // by which it was chosen
  bool cut = false;              // it was narrowed to what the readers let through, all of which clamp
  std::optional<Error> error{};  // why none is known
};

/// By node of `widths`, for those that are used. A constant has the range of its values, another tensor that of the
/// range method which the recipe names for the op that computes it. Where all readers of a tensor clamp
/// (QuantRule::clamps), values beyond the ranges of their results make no difference, and its range ends there.
std::vector<TensorRange> tensor_ranges(const PlacedModel& placed, const TensorWidths& widths, const RangeOf& range_of,
                                       const Recipe& recipe);

}  // namespace narrow
