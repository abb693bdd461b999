// ARG_MAX and ARG_MIN: where along a dimension the first of the largest, or smallest, elements is.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct ArgAttributes {
  DType output_type = DType::float32;  // the format's default, which is no type of index
  static const AttributeType kType;
};

extern const OpDef kArgMax;
extern const OpDef kArgMin;

}  // namespace narrow
