// CALL_ONCE: runs a graph that gives variables their first values, once for each sample. No attributes.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kCallOnce;

}  // namespace narrow
