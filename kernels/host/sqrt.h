// SQRT of quantized integers as LiteRT computes it: float32, the quotient cut towards zero instead of rounded. LiteRT
// stops at numbers under 0, whose root is taken for 0 here.
#ifndef NARROW_KERNELS_HOST_SQRT_H
#define NARROW_KERNELS_HOST_SQRT_H

#include "nw_types.h"

namespace narrow::host {

struct SqrtParams {
  nw_i32 count;
  float input_scale;
  nw_i32 input_zero_point;
  float output_scale;
  nw_i32 output_zero_point;
};

// out may be in.
void sqrt_i8(const SqrtParams* p, const nw_i8* in, nw_i8* out);
void sqrt_i16(const SqrtParams* p, const nw_i16* in, nw_i16* out);

}  // namespace narrow::host

#endif
