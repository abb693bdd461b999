#include "portable/activations/prelu_table.h"

/* A product as a result: the first rounding has its ties up, the second away from zero. */
static inline nw_i32 scaled(nw_i32 product, nw_i32 multiplier, nw_i32 addend, int shift) {
  nw_i64 const doubled = (nw_i64)(product * 2) * multiplier + ((nw_i64)1 << 31);
  nw_i32 const high = (nw_i32)NW_FLOOR_SHIFT(doubled, 32);
  nw_i32 const sum = high - (high < 0) + addend;
  return nw_clamp(NW_FLOOR_SHIFT(sum, shift), -128, 127);
}

void nw_prelu_table_i8(const NW_FLASH nw_prelu_table_params *p, const NW_FLASH nw_i8 *table, const nw_i8 *in,
                       const nw_i8 *alpha, nw_i8 *out) {
  nw_i32 const n = p->shape.extent[NW_BROADCAST_RANK - 1];
  nw_i32 const in_step = p->shape.a_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const alpha_step = p->shape.b_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const zero = p->input_zero_point, alpha_zero = p->alpha_zero_point;
  nw_i32 const multiplier = p->multiplier, addend = p->addend;
  int const shift = p->shift;
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    const nw_i8 *x = in + at.a;
    const nw_i8 *slope = alpha + at.b;
    for (nw_i32 i = n; i > 0; --i, x += in_step, slope += alpha_step) {
      nw_i32 const v = *x;
      if (v >= zero)
        *out++ = table[v + 128];
      else
        *out++ = (nw_i8)scaled((v - zero) * (*slope - alpha_zero), multiplier, addend, shift);
    }
  } while (nw_broadcast_next(&p->shape, &at));
}
