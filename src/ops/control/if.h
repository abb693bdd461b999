// IF: runs one of two graphs, as a boolean says. No attributes; Op::graphs holds the branch taken and the other one.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kIf;

}  // namespace narrow
