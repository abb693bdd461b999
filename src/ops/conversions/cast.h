// CAST: elements as another type, without regard to scales. Floats are cut towards 0 and saturate.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct CastAttributes {
  DType in_type = DType::float32;  // as the file has them; the tensors decide
  DType out_type = DType::float32;
  static const AttributeType kType;
};

extern const OpDef kCast;

}  // namespace narrow
