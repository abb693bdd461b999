#include "dsp/dsp_add.h"

#include "dsp/dsp_channel.h"

/* An operand as the loop wants it: rounding away from zero takes 1 from negative numbers where there is a shift. */
typedef struct {
  nw_i32 zero, multiplier, half, below, shift;
} nw_operand;

/* SMMULR takes its factor twice: 2^21 instead of 2^20. */
enum { NW_LEFT = 21 };

static nw_operand nw_operand_of(const nw_dsp_add_operand *given) {
  nw_operand o;
  o.zero = given->zero_point * ((nw_i32)1 << NW_LEFT);
  o.multiplier = given->multiplier;
  o.shift = given->shift;
  o.half = given->shift > 0 ? (nw_i32)1 << (given->shift - 1) : 0;
  o.below = given->shift > 0 ? -1 : 0;
  return o;
}

static NW_INLINE nw_i32 nw_scaled(nw_i32 q, const nw_operand *o) {
  nw_i32 x = nw_high_word(q * ((nw_i32)1 << NW_LEFT) - o->zero, o->multiplier);
  x += NW_FLOOR_SHIFT(x, 31) & o->below;
  return NW_FLOOR_SHIFT(x + o->half, o->shift);
}

void nw_dsp_add_i8(const nw_dsp_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_operand const x = nw_operand_of(&p->a), y = nw_operand_of(&p->b);
  nw_i32 const multiplier = p->multiplier, addend = p->addend, shift = p->shift;
  nw_i8 *to = out;
  for (nw_i32 left = p->count; left > 0; --left)
    *to++ = (nw_i8)nw_channel_result(nw_doubled(nw_scaled(*a++, &x) + nw_scaled(*b++, &y)), multiplier, addend, shift);
  nw_limit_bytes(out, p->count, 1, p->min, p->max);
}

void nw_dsp_add_half_i8(const nw_dsp_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_i32 const one = (nw_i32)1 << NW_LEFT, half = (nw_i32)1 << (p->b.shift - 1), shift_b = p->b.shift;
  nw_i32 const zero_a = p->a.zero_point * (one / 4), zero_b = p->b.zero_point * one, multiplier_b = p->b.multiplier;
  nw_i32 const multiplier = p->multiplier, addend = p->addend, shift = p->shift;
  nw_i8 *to = out;
  for (nw_i32 left = p->count; left > 0; --left) {
    nw_i32 const y = *b++ * one - zero_b;
    nw_i32 const scaled = nw_add_high_word(half, y, multiplier_b) + NW_FLOOR_SHIFT(y, 31);
    nw_i32 const sum = *a++ * (one / 4) - zero_a + NW_FLOOR_SHIFT(scaled, shift_b);
    *to++ = (nw_i8)nw_channel_result(nw_doubled(sum), multiplier, addend, shift);
  }
  nw_limit_bytes(out, p->count, 1, p->min, p->max);
}
