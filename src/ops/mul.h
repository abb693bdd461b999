// MUL: element-wise product with broadcasting.
#pragma once

#include "ops/attributes.h"
#include "ops/op_def.h"

namespace narrow {

struct MulAttributes {
  Activation activation = Activation::none;
};

extern const OpDef kMul;

}  // namespace narrow
