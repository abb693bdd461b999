// LOGISTIC: 1 / (1 + exp(-x)).
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kLogistic;

}  // namespace narrow
