// RANGE: start, start + delta, ... up to, without, limit (operands start, limit, delta: scalars of one type).
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kRange;

}  // namespace narrow
