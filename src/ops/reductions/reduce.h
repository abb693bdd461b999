// MEAN and SUM over whole dimensions.
#pragma once

#include "ops/reductions/reduction.h"

namespace narrow {

extern const OpDef kMean;
extern const OpDef kSum;

}  // namespace narrow
