// Kernels that look for positions, or read at positions that an operand holds.
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// Parameters: nw_gather_params. Arguments: input, positions, output.
extern const Kernel kGatherAny;

/// Parameters: nw_gather_nd_params. Arguments: input, positions, output.
extern const Kernel kGatherNdAny;

/// Parameters: nw_one_hot_params. Arguments: positions, value at them, value elsewhere, output.
extern const Kernel kOneHotAny;

/// Parameters: nw_topk_params. Arguments: input, values, indices.
extern const Kernel kTopkI8;
extern const Kernel kTopkI16;

}  // namespace narrow
