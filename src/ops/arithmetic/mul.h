// MUL: element-wise product with broadcasting.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct MulAttributes {
  Activation activation = Activation::none;
  static const AttributeType kType;
};

extern const OpDef kMul;

}  // namespace narrow
