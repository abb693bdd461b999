#include "portable/arithmetic/rsqrt.h"

#include "portable/arithmetic/inverse_sqrt.h"

/* Inverse roots carry this many fraction bits. */
enum { FRACTION = 20 };

void nw_rsqrt_i8(const nw_rsqrt_params *p, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) {
    nw_i32 const x = in[i] - p->input_zero_point;
    nw_i32 q = 127;
    if (x > 0) {
      nw_factor const f = nw_inverse_sqrt(x);
      nw_i32 const root = nw_requantize_double(1, f.multiplier, f.shift + FRACTION);
      q = nw_requantize_double(root, p->multiplier, p->shift - FRACTION) + p->output_zero_point;
    }
    out[i] = (nw_i8)nw_clamp(q, -128, 127);
  }
}
