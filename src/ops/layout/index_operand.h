// Operands that hold axes, shapes, permutations, paddings and positions.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// The integers of operand `operand`, called `what` in messages ("axes"); unsupported where they are computed, bad_file
/// where they are not int32 or int64.
Result<std::vector<int64_t>> index_values(const OpView& op, size_t operand, const char* what);

/// The only integer of operand `operand`; bad_file where it holds more or less.
Result<int64_t> index_value(const OpView& op, size_t operand, const char* what);

/// The dimensions that operand `operand` lists: none is negative; checked as Shape::make does.
Result<Shape> shape_values(const OpView& op, size_t operand);

/// Bytes of each integer of operand `operand`, which may be computed: 4 or 8, or 2 where the op takes int16 too;
/// bad_file for other types.
Result<int32_t> index_bytes(const OpView& op, size_t operand, const char* what, bool takes_int16 = false);

/// bad_file where a constant operand holds an integer outside of the range of its column, columns changing fastest.
Status check_positions(const OpView& op, size_t operand, const char* what, const std::vector<IndexRange>& columns);

/// `step`, but where the operand is computed its integers are checked each time before the step runs: bad_data where
/// one is outside.
Step checking_positions(const OpView& op, size_t operand, const char* what, std::vector<IndexRange> columns, Step step);

}  // namespace narrow
