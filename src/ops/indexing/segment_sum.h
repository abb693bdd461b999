// SEGMENT_SUM: sums of the rows of the data (operand 0) that belong to one segment; operand 1 says which does, from 0
// on and never decreasing.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kSegmentSum;

}  // namespace narrow
