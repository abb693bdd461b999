// EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL: two operands, with broadcasting, into truth values.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kEqual;
extern const OpDef kNotEqual;
extern const OpDef kGreater;
extern const OpDef kGreaterEqual;
extern const OpDef kLess;
extern const OpDef kLessEqual;

}  // namespace narrow
