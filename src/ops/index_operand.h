// Operands that hold axes, shapes, permutations and paddings.
#pragma once

#include <vector>

#include "ops/op_def.h"

namespace narrow {

/// The integers of operand `operand`, called `what` in messages ("axes"); unsupported where they are computed, bad_file
/// where they are not int32 or int64.
Result<std::vector<int64_t>> index_values(const OpView& op, size_t operand, const char* what);

}  // namespace narrow
