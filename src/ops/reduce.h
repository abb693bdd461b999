// MEAN and SUM: operand 1 lists the axes to reduce over; negative ones count from the end.
#pragma once

#include "ops/op_def.h"

namespace narrow {

struct ReduceAttributes {
  bool keep_dims = false;
};

extern const OpDef kMean;
extern const OpDef kSum;

}  // namespace narrow
