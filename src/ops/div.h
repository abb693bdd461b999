// DIV: element-wise quotient with broadcasting. Plain integers are cut towards zero.
#pragma once

#include "ops/attributes.h"
#include "ops/op_def.h"

namespace narrow {

struct DivAttributes {
  Activation activation = Activation::none;
};

extern const OpDef kDiv;

}  // namespace narrow
