// DYNAMIC_UPDATE_SLICE: the data (operand 0) with an update (operand 1) in place of what is there from a begin
// (operand 2) on. A begin that would let the update stick out is taken as the nearest that does not, as the runtimes
// do.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kDynamicUpdateSlice;

}  // namespace narrow
