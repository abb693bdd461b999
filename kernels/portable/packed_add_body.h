/* The loop of ADD for one kind of processor; no include guard. Include packed_channel.h and packed_add.h, and define
 * NW_ADD, the name of the function, first; it is undefined again at the end. */

/* An operand as the loop wants it: rounding away from zero takes 1 from negative numbers where there is a shift. */
typedef struct {
  nw_i32 zero, multiplier, half, below, shift;
} nw_operand;

/* nw_high_word takes its factor twice: 2^21 instead of 2^20. */
enum { NW_LEFT = 21 };

static nw_operand nw_operand_of(const nw_packed_add_operand *given) {
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

void NW_ADD(const nw_packed_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_operand const x = nw_operand_of(&p->a), y = nw_operand_of(&p->b);
  nw_i32 const multiplier = p->multiplier, addend = p->addend, shift = p->shift;
  nw_i8 *to = out;
  for (nw_i32 left = p->count; left > 0; --left)
    *to++ = (nw_i8)nw_channel_result(nw_doubled(nw_scaled(*a++, &x) + nw_scaled(*b++, &y)), multiplier, addend, shift);
  nw_limit_bytes(out, p->count, 1, p->min, p->max);
}

#undef NW_ADD
