#include "portable/activations/softmax.h"

#include "portable/activations/table.h"
#include "portable/fixed_point.h"

/* e^(diff, rescaled), Q0; diff in [diff_min, 0]. */
static inline nw_i32 softmax_exp(const NW_FLASH nw_softmax_params *p, nw_i32 diff) {
  return nw_fp_exp(nw_requantize_double(diff, p->multiplier, p->shift), 5, 32);
}

#define NW_SOFTMAX_NAME nw_softmax_i8
#define NW_SOFTMAX_IN nw_i8
#define NW_SOFTMAX_OUT nw_i8
#define NW_SOFTMAX_BITS 8
#define NW_SOFTMAX_ZERO (-128)
#include "portable/activations/softmax_body.h"

#define NW_SOFTMAX_NAME nw_softmax_i8_i16
#define NW_SOFTMAX_IN nw_i8
#define NW_SOFTMAX_OUT nw_i16
#define NW_SOFTMAX_BITS 16
#define NW_SOFTMAX_ZERO (-32768)
#include "portable/activations/softmax_body.h"

#define NW_SOFTMAX_NAME nw_softmax_q7
#define NW_SOFTMAX_IN nw_i8
#define NW_SOFTMAX_OUT nw_i8
#define NW_SOFTMAX_BITS 7
#define NW_SOFTMAX_ZERO 0
#include "portable/activations/softmax_body.h"

/* Writes the exponentials of one row, Q0.15; returns their sum, Q16.15, > 0. */
static nw_i32 row_exponentials(const NW_FLASH nw_softmax16_params *p, const nw_i16 *in, nw_i16 *out) {
  nw_i32 top = in[0];
  nw_i32 sum = 0;
  for (nw_i32 c = 1; c < p->depth; ++c)
    if (in[c] > top) top = in[c];
  for (nw_i32 c = 0; c < p->depth; ++c) {
    nw_i32 const scaled = nw_requantize_double(in[c] - top, p->multiplier, p->shift);
    out[c] = (nw_i16)nw_interpolate(nw_clamp(scaled + 32767, -32768, 32767), p->exp_table);
    sum += out[c];
  }
  return sum;
}

void nw_softmax_i16(const NW_FLASH nw_softmax16_params *p, const nw_i16 *in, nw_i16 *out) {
  for (nw_i32 row = 0; row < p->rows; ++row, in += p->depth, out += p->depth) {
    nw_i32 const sum = row_exponentials(p, in, out);
    int const zeros = nw_leading_zeros((nw_u32)sum);
    /* sum = (1 + x) * 2^(16 - zeros), x in [0, 1], here as 65536 * (1 + x); the table takes x from -32768 up. */
    nw_i32 const mantissa = (nw_i32)((((nw_i64)sum << (zeros - 1)) + (1 << 13)) >> 14);
    nw_i32 const reciprocal = nw_interpolate(nw_clamp(mantissa - 98304, -32768, 32767), p->reciprocal_table);
    int const shift = 31 - zeros;
    for (nw_i32 c = 0; c < p->depth; ++c) {
      nw_i32 const q = (nw_i32)(((nw_i64)out[c] * reciprocal + ((nw_i64)1 << (shift - 1))) >> shift);
      out[c] = (nw_i16)nw_clamp(q, 0, 32767);
    }
  }
}
