// SOFTMAX: exp(beta x) over its sum along the last axis.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct SoftmaxAttributes {
  float beta = 1.0f;
  static const AttributeType kType;
};

extern const OpDef kSoftmax;

}  // namespace narrow
