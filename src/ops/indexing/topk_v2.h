// TOPK_V2: the k largest elements of each row, from the largest down, and where in the row they are.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kTopkV2;

}  // namespace narrow
