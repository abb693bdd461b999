// LEAKY_RELU: x where positive, alpha x elsewhere.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct LeakyReluAttributes {
  float alpha = 0.0f;
  static const AttributeType kType;
};

extern const OpDef kLeakyRelu;

}  // namespace narrow
