// TRANSPOSE: dimensions permuted; operand 1 is the permutation.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kTranspose;

}  // namespace narrow
