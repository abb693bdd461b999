// Float data that meets integer weights: TFLite's hybrid forms.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// Where weights are integers, data, hidden state and what is projected are rounded to an 8-bit grid of their own
/// first.
enum class DataGrid : uint8_t { none, symmetric, asymmetric };

/// The grid that an op with integer weights asks for by `asymmetric_quantize_inputs`.
inline DataGrid data_grid(bool asymmetric) {
  return asymmetric ? DataGrid::asymmetric : DataGrid::symmetric;
}

/// `count` values as they meet weights; `room` has room for them.
const float* on_grid(DataGrid grid, const float* values, int count, std::vector<float>& room);

/// The real values of operands from the second on, some of which are integers beside float data.
struct HybridOperands {
  std::vector<std::vector<float>> values;
  std::vector<const void*> pointers;  // to them; null where there are none
};

/// Those of an op whose operands that `is_weight` names are constants of int8 with one scale and zero point 0, and
/// whose others are constants of float32, but for those of Role::state; unsupported otherwise.
Result<HybridOperands> hybrid_operands(const OpView& op, bool (*is_weight)(size_t operand));

}  // namespace narrow
