// Kernels of SQRT and RSQRT. Arguments: input, output.
#pragma once

#include "rows/kernel.h"

namespace narrow {

extern const Kernel kRsqrtI8;   // nw_rsqrt_params
extern const Kernel kRsqrtI16;  // nw_rsqrt_params

/// Host-only, in float32 as LiteRT's: the table of 8-bit elements is made of the same function.
extern const Kernel kSqrtI16;  // host::SqrtParams

}  // namespace narrow
