// Ops that work along one dimension of their data.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// A shape as (outer, depth, inner): the products of the dimensions before and behind one of them, and its extent.
struct AlongAxis {
  int64_t outer = 1;
  int64_t depth = 1;
  int64_t inner = 1;
};

/// Dimension `axis` of `shape`.
AlongAxis along(const Shape& shape, int axis);

/// The one axis that operand 1 names in operand 0; bad_file where it is none.
Result<Axis> axis_operand(const OpView& op);

}  // namespace narrow
