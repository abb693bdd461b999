#include "portable/activations/softmax_table.h"

#include "portable/fixed_point.h"

void nw_softmax_table_i8(const NW_FLASH nw_softmax_table_params *p, const NW_FLASH nw_i32 *exponentials,
                         const nw_i8 *in, nw_i8 *out) {
  nw_i32 const depth = p->depth;
  for (nw_i32 row = 0; row < p->rows; ++row, in += depth, out += depth) {
    nw_i32 top = in[0];
    for (nw_i32 c = 1; c < depth; ++c)
      if (in[c] > top) top = in[c];

    const NW_FLASH nw_i32 *const of = exponentials + top;
    nw_i32 sum = 0; /* Q12.19; exponentials are not negative, so that ties up are ties away from zero */
    for (nw_i32 c = 0; c < depth; ++c) sum += (nw_i32)(((nw_u32)of[-in[c]] + (1u << 11)) >> 12);

    /* sum = m * 2^(12 - zeros), m in [1, 2): its reciprocal is 1 / m and a shift. */
    int const zeros = nw_leading_zeros((nw_u32)sum);
    nw_i32 const reciprocal = nw_fp_reciprocal((nw_i32)(((nw_u32)sum << zeros) & NW_I32_MAX), 32);
    int const shift = 12 - zeros + 31 - 8;
    /* From 32 bits on nothing is left of numbers below 2^31. */
    nw_u32 const half = shift < 32 ? (nw_u32)1 << (shift - 1) : 0;
    int const bits = shift < 32 ? shift : 31;
    for (nw_i32 c = 0; c < depth; ++c) {
      nw_u64 const product = (nw_u64)(nw_u32)reciprocal * (nw_u32)of[-in[c]] + ((nw_u64)1 << 30);
      nw_u32 const q = ((nw_u32)(product >> 31) + half) >> bits;
      out[c] = (nw_i8)((q > 255 ? 255 : (nw_i32)q) - 128);
    }
  }
}
