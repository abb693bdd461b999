// ADD_N: the sum of two or more operands of one shape.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kAddN;

}  // namespace narrow
