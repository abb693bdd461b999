// Parameters of layers and products that are multiplied in floating point, which only runtimes on the host do.
#ifndef NARROW_KERNELS_HOST_SCALED_H
#define NARROW_KERNELS_HOST_SCALED_H

extern "C" {
#include "portable/arithmetic/mul.h"
#include "portable/layers/batch_matmul.h"
}

namespace narrow::host {

// Params: nw_conv2d_params and its like, whose output.multiplier and output.shift are not read. Real: float or double.
template <class Params, class Real>
struct Scaled : Params {
  const Real* scale;  // one per output channel
};

// Of MUL and BATCH_MATMUL: multiplier and shift are not read.
struct MulFloatParams : nw_mul_params {
  float scale = 0;  // below 2^8
};
struct MatmulFloatParams : nw_batch_matmul_params {
  float scale = 0;  // below 2^8
};

}  // namespace narrow::host

#endif
