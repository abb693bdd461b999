// LOG_SOFTMAX: the logarithm of SOFTMAX along the last axis.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kLogSoftmax;

}  // namespace narrow
