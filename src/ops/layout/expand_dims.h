// EXPAND_DIMS: a dimension of one element put in at the axis that operand 1 gives.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kExpandDims;

}  // namespace narrow
