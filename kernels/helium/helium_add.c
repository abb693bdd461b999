#include "helium/helium_add.h"

#include "helium/helium_limit.h"
#include "helium/helium_scaled.h"

/* How an operand is brought to the scale where both meet. */
typedef struct {
  nw_i32 less, multiplier, shift; /* less: the zero point, shifted as elements are */
  nw_words unit;                  /* 2^left */
} nw_operand;

static nw_operand nw_operand_of(const nw_scaled_input *in, nw_i32 left_shift) {
  /* A factor of 1/2 is exact, so that it may be 1/4 of twice as much. */
  nw_i32 const left = in->shift == 0 ? left_shift + 1 : left_shift;
  nw_operand operand;
  operand.less = -(in->zero_point * ((nw_i32)1 << left));
  operand.multiplier = in->multiplier;
  operand.shift = in->shift == 0 ? -1 : in->shift;
  operand.unit = nw_same_words((nw_i32)1 << left);
  return operand;
}

static NW_INLINE nw_words nw_scaled_words(nw_words v, const nw_operand *operand) {
  nw_words const x = nw_plus_scalar(nw_products(v, operand->unit), operand->less);
  return nw_rounded_shift(nw_high_words_by(x, operand->multiplier), operand->shift);
}

/* How the sum of two scaled operands becomes a result. */
typedef struct {
  nw_i32 multiplier, addend, shift;
} nw_sum;

static NW_INLINE nw_words nw_four_added(nw_words a, nw_words b, const nw_operand *of_a, const nw_operand *of_b,
                                        const nw_sum *of_sum) {
  nw_words const sum = nw_sums(nw_scaled_words(a, of_a), nw_scaled_words(b, of_b));
  nw_words const x = nw_plus_scalar(nw_high_words_by(sum, of_sum->multiplier), of_sum->addend);
  return nw_saturated(nw_scalar_shift(x, of_sum->shift));
}

void nw_helium_add_i8(const nw_add_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  nw_operand const of_a = nw_operand_of(&p->a, p->left_shift), of_b = nw_operand_of(&p->b, p->left_shift);
  nw_i32 const half = (nw_i32)1 << (-p->out_shift - 1);
  nw_sum const of_sum = {p->out_multiplier, half + p->out_zero_point * 2 * half, p->out_shift};
  nw_i32 count = 1;
  nw_i8 *to = out;
  for (nw_i32 d = 0; d < NW_BROADCAST_RANK; ++d) count *= p->shape.extent[d];
  for (nw_i32 n = count / 4; n > 0; --n, a += 4, b += 4, to += 4)
    nw_put_narrowed(to, nw_four_added(nw_widened(a), nw_widened(b), &of_a, &of_b, &of_sum));
  nw_i32 const left = count % 4;
  if (left > 0) {
    nw_words const x = nw_first_widened(a, left), y = nw_first_widened(b, left);
    nw_put_first_narrowed(to, nw_four_added(x, y, &of_a, &of_b, &of_sum), left);
  }
  nw_limit(out, count, p->out_min, p->out_max);
}
