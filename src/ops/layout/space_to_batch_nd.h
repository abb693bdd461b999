// SPACE_TO_BATCH_ND: images (operand 0, [batch, height, width, channels] or [batch, height, channels]) are padded
// (operand 2) with zeros and taken apart into block (operand 1) tiles, which become images of their own.
// BATCH_TO_SPACE_ND: the other way round, cropped (operand 2) in the end.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kBatchToSpaceNd;
extern const OpDef kSpaceToBatchNd;

/// What operands 1 and 2 say, rows first; a missing width counts as one column.
struct Blocks {
  int64_t rows = 1, columns = 1;                     // of a block, >= 1
  int64_t top = 0, bottom = 0, left = 0, right = 0;  // padded or cropped, >= 0
};

/// unsupported where the operands are computed or the data has other than 1 or 2 spatial dimensions.
Result<Blocks> blocks_of(const OpView& op);

}  // namespace narrow
