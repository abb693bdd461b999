#include "dsp/dsp_add_i16.h"

#include "dsp/dsp_results.h"

/* Rounding away from zero takes 1 from negative numbers where there is a shift. */
typedef struct {
  nw_i32 multiplier, half, below, shift;
} nw_halfword_operand;

static nw_halfword_operand nw_halfword_operand_of(const nw_dsp_add_i16_operand *given) {
  nw_halfword_operand o;
  o.multiplier = given->multiplier;
  o.shift = given->shift;
  o.half = given->shift > 0 ? (nw_i32)1 << (given->shift - 1) : 0;
  o.below = given->shift > 0 ? -1 : 0;
  return o;
}

/* SMMULR takes its factor twice: 2^16 instead of 2^15. */
static NW_INLINE nw_i32 nw_halfword_scaled(nw_i32 q, const nw_halfword_operand *o) {
  nw_i32 x = nw_high_word(q * 65536, o->multiplier);
  x += NW_FLOOR_SHIFT(x, 31) & o->below;
  return NW_FLOOR_SHIFT(x + o->half, o->shift);
}

void nw_dsp_add_i16(const nw_dsp_add_i16_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out) {
  nw_halfword_operand const x = nw_halfword_operand_of(&p->a), y = nw_halfword_operand_of(&p->b);
  nw_i32 const multiplier = p->multiplier, shift = p->shift, half = (nw_i32)1 << (shift - 1), positive = p->min >= 0;
  nw_i16 *to = out;
  for (nw_i32 left = p->count; left > 0; --left) {
    nw_i32 const sum = nw_halfword_scaled(*a++, &x) + nw_halfword_scaled(*b++, &y);
    nw_i32 v = nw_high_word(2 * sum, multiplier);
    v += NW_FLOOR_SHIFT(v, 31);
    v = NW_FLOOR_SHIFT(v + half, shift);
    *to++ = (nw_i16)(positive ? nw_to_positive_halfword(v) : nw_to_halfword(v));
  }
  nw_limit_halfwords(out, p->count, 1, p->min, p->max);
}
