// SLICE: from data (operand 0), elements from a begin (operand 1) on, so many as a size (operand 2) says for each
// dimension; -1 stands for all that are left. A begin that is computed is taken as the nearest that leaves the slice
// inside the data.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kSlice;

}  // namespace narrow
