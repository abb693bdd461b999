// WHILE: runs a graph over its own results for as long as another one says. No attributes; Op::graphs holds the
// condition and the body.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kWhile;

}  // namespace narrow
