// CONCATENATION: operands one behind the other along an axis.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct ConcatenationAttributes {
  int axis = 0;  // negative counts from the end
  Activation activation = Activation::none;
  static const AttributeType kType;
};

extern const OpDef kConcatenation;

}  // namespace narrow
