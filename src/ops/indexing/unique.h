// UNIQUE: the values that occur, in the order of their first places, and for each element which of them it is. The data
// must be known: how many results there are depends on its values.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct UniqueAttributes {
  DType idx_out_type = DType::int32;  // int32 or int64: the type of the second result
  static const AttributeType kType;
};

extern const OpDef kUnique;

}  // namespace narrow
