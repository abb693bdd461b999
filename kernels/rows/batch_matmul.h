// Kernels of BATCH_MATMUL, of arguments (a, b, out).
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// Parameters: nw_batch_matmul_params; host::MatmulFloatParams of XNNPACK's float32 product.
extern const Kernel kBatchMatmulI8, kBatchMatmulI16, kBatchMatmulI16I8, kBatchMatmulFloatI8;

}  // namespace narrow
