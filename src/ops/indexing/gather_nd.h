// GATHER_ND: slices of the data (operand 0), each chosen by the positions in one row of operand 1. SCATTER_ND: the
// other way round: a result of zeros, of the shape that operand 2 lists, to which updates (operand 1) are added where
// the rows of operand 0 say. Computed positions outside of the data, at which runtimes stop with an error, are taken as
// the nearest inside; constant ones are an error.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kGatherNd;
extern const OpDef kScatterNd;

}  // namespace narrow
