// Operands that say how far the dimensions of the data are padded.
#pragma once

#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// Elements along one dimension of the data, and how many come before and after them.
struct PaddedDim {
  int64_t extent = 1;
  int64_t before = 0;
  int64_t after = 0;
};

/// The padding of every dimension of operand 0 as operand 1 says it; bad_file where it is negative.
Result<std::vector<PaddedDim>> padded_dims(const OpView& op);

/// What the data becomes.
Result<Shape> padded_shape(const std::vector<PaddedDim>& dims);

}  // namespace narrow
