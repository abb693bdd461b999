// DIV: element-wise quotient with broadcasting. Plain integers are cut towards zero.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct DivAttributes {
  Activation activation = Activation::none;
  static const AttributeType kType;
};

extern const OpDef kDiv;

}  // namespace narrow
