// SUB: element-wise difference with broadcasting.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct SubAttributes {
  Activation activation = Activation::none;
  bool pot_scale_int16 = false;  // the format's old 16-bit form with power-of-two scales
  static const AttributeType kType;
};

extern const OpDef kSub;

}  // namespace narrow
