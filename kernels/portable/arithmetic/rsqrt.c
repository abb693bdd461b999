#include "portable/arithmetic/rsqrt.h"

#include "portable/arithmetic/inverse_sqrt.h"

/* Inverse roots carry this many fraction bits. */
enum { FRACTION = 20 };

static nw_i32 inverse_root(const NW_FLASH nw_rsqrt_params *p, nw_i32 v, nw_i32 min, nw_i32 max) {
  nw_i32 const x = v - p->input_zero_point;
  if (x <= 0) return max;
  nw_factor const f = nw_inverse_sqrt(x);
  nw_i32 const root = nw_requantize_double(1, f.multiplier, f.shift + FRACTION);
  return nw_clamp(nw_requantize_double(root, p->multiplier, p->shift - FRACTION) + p->output_zero_point, min, max);
}

void nw_rsqrt_i8(const NW_FLASH nw_rsqrt_params *p, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = (nw_i8)inverse_root(p, in[i], -128, 127);
}

void nw_rsqrt_i16(const NW_FLASH nw_rsqrt_params *p, const nw_i16 *in, nw_i16 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = (nw_i16)inverse_root(p, in[i], -32768, 32767);
}
