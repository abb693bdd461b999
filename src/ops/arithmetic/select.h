// SELECT and SELECT_V2: an element of operand 1 where operand 0 is true, else of operand 2. SELECT_V2 broadcasts all
// three; SELECT takes operands 1 and 2 of one shape and a condition of that shape, of one value, or one value for each
// index of the first dimension.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kSelect;
extern const OpDef kSelectV2;

}  // namespace narrow
