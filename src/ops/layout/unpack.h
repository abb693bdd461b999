// UNPACK: data cut along an axis, which goes away, into one result for each index.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct UnpackAttributes {
  int count = 0;
  int axis = 0;
  static const AttributeType kType;
};

extern const OpDef kUnpack;

}  // namespace narrow
