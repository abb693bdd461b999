#include "dsp/dsp_mul.h"

#include "dsp/dsp_four.h"

/* How a product becomes a result. */
typedef struct {
  nw_u32 of_a, of_b; /* zero points, twice */
  nw_i32 multiplier, addend;
  int shift;
} nw_scaling;

/* Two roundings: the first has its ties up, the second away from zero. */
static NW_INLINE nw_i32 nw_scaled_product(nw_i32 product, const nw_scaling *s) {
  nw_i32 const high = nw_high_word(product * 2, s->multiplier);
  nw_i32 const sum = high - (high < 0) + s->addend;
  return nw_to_byte(NW_FLOOR_SHIFT(sum, s->shift));
}

static NW_INLINE void nw_four_products(nw_u32 a, nw_u32 b, const nw_scaling *s, nw_i32 *to) {
  nw_u32 const a_even = nw_minus_lanes(nw_even_bytes(a), s->of_a), a_odd = nw_minus_lanes(nw_odd_bytes(a), s->of_a);
  nw_u32 const b_even = nw_minus_lanes(nw_even_bytes(b), s->of_b), b_odd = nw_minus_lanes(nw_odd_bytes(b), s->of_b);
  to[0] = nw_scaled_product(nw_product_low(a_even, b_even), s);
  to[1] = nw_scaled_product(nw_product_low(a_odd, b_odd), s);
  to[2] = nw_scaled_product(nw_product_high(a_even, b_even), s);
  to[3] = nw_scaled_product(nw_product_high(a_odd, b_odd), s);
}

static NW_NOINLINE void nw_row_of_products(const nw_scaling *given, nw_i32 depth, const nw_i8 *a, const nw_i8 *b,
                                           nw_i8 *out) {
  nw_scaling const s = *given;
  for (; depth >= 4; depth -= 4, a += 4, b += 4, out += 4) {
    nw_i32 results[4];
    nw_four_products(nw_four_bytes(a), nw_four_bytes(b), &s, results);
    out[0] = (nw_i8)results[0];
    out[1] = (nw_i8)results[1];
    out[2] = (nw_i8)results[2];
    out[3] = (nw_i8)results[3];
  }
  if (depth > 0) {
    nw_i32 results[4];
    nw_four_products(nw_few_bytes(a, depth), nw_few_bytes(b, depth), &s, results);
    for (nw_i32 i = 0; i < depth; ++i) out[i] = (nw_i8)results[i];
  }
}

void nw_dsp_mul_i8(const NW_FLASH nw_packed_mul_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_i8 *to = out;
  nw_scaling s;
  s.of_a = nw_word(p->a_zero_point, p->a_zero_point);
  s.of_b = nw_word(p->b_zero_point, p->b_zero_point);
  s.multiplier = p->multiplier;
  s.addend = p->addend;
  s.shift = p->shift;
  for (nw_i32 i = p->rows; i > 0; --i, a += p->depth, b += p->b_step, to += p->depth)
    nw_row_of_products(&s, p->depth, a, b, to);
  nw_limit_all(out, p->rows * p->depth, p->out_min, p->out_max);
}
