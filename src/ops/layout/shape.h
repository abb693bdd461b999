// SHAPE: the operand's dimensions as integers. RANK: how many they are, in int32.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct ShapeAttributes {
  DType out_type = DType::int32;  // int32 or int64
  static const AttributeType kType;
};

extern const OpDef kRank;
extern const OpDef kShape;

}  // namespace narrow
