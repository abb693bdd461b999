// TILE: data (operand 0) repeated along each dimension, so often as operand 1 says.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kTile;

}  // namespace narrow
