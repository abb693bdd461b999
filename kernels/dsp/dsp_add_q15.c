#include "dsp/dsp_add_q15.h"

#include "dsp/dsp_results.h"

void nw_dsp_add_q15(const nw_dsp_add_q7_params *p, const nw_i16 *a, const nw_i16 *b, nw_i16 *out) {
  nw_i32 const u = p->a_unit, v = p->b_unit, half = p->half, shift = p->shift, positive = p->min >= 0;
  nw_i16 *to = out;
  for (nw_i32 left = p->count; left > 0; --left) {
    nw_i32 const sum = NW_FLOOR_SHIFT(*a++ * u + *b++ * v + half, shift);
    *to++ = (nw_i16)(positive ? nw_to_positive_halfword(sum) : nw_to_halfword(sum));
  }
  nw_limit_halfwords(out, p->count, 1, p->min, p->max);
}
