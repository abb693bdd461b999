// The range of each tensor by itself, before any of them share a params.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantize/plan/activation_params.h"

namespace narrow {

struct TensorRange {
  std::optional<Range> range;  // nothing where calibration has seen no value
  std::string method;          // how it came from statistics
  bool cut = false;            // and ends where the results of its readers do, all of which clamp
};

/// By node of `nodes`, of those that are `used`.
std::vector<TensorRange> tensor_ranges(const Model& model, const Decisions& decisions, const ActivationParams& nodes,
                                       const std::vector<bool>& used, const RangeOf& range_of, const Recipe& recipe);

}  // namespace narrow
