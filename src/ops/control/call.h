// CALL: runs a graph. No attributes.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kCall;

}  // namespace narrow
