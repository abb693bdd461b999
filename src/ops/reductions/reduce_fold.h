// REDUCE_ALL, REDUCE_ANY, REDUCE_MAX, REDUCE_MIN and REDUCE_PROD over whole dimensions.
#pragma once

#include "ops/reductions/reduction.h"

namespace narrow {

extern const OpDef kReduceAll;
extern const OpDef kReduceAny;
extern const OpDef kReduceMax;
extern const OpDef kReduceMin;
extern const OpDef kReduceProd;

}  // namespace narrow
