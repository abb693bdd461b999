#include "dsp/dsp_add_q7.h"

#include "dsp/dsp_results.h"

/* Four results, as long as there are four elements; `positive`, a constant, says which range they are limited to. */
static NW_INLINE void nw_add_fours(const nw_dsp_add_q7_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out,
                                   int positive) {
  nw_u32 const u = (nw_u32)p->a_unit, v = (nw_u32)p->b_unit;
  nw_i32 const half = p->half, shift = p->shift;
  for (nw_i32 left = p->count; left >= 4; left -= 4, a += 4, b += 4, out += 4) {
    nw_u32 const x = nw_four_bytes(a), y = nw_four_bytes(b);
    nw_u32 lane = nw_even_bytes(x);
    nw_i32 s0 = nw_mac_low(lane, u, half), s2 = nw_mac_cross(lane, u, half);
    lane = nw_odd_bytes(x);
    nw_i32 s1 = nw_mac_low(lane, u, half), s3 = nw_mac_cross(lane, u, half);
    lane = nw_even_bytes(y);
    s0 = NW_FLOOR_SHIFT(nw_mac_low(lane, v, s0), shift);
    s2 = NW_FLOOR_SHIFT(nw_mac_cross(lane, v, s2), shift);
    lane = nw_odd_bytes(y);
    s1 = NW_FLOOR_SHIFT(nw_mac_low(lane, v, s1), shift);
    s3 = NW_FLOOR_SHIFT(nw_mac_cross(lane, v, s3), shift);
    out[0] = (nw_i8)(positive ? nw_to_positive_byte(s0) : nw_to_byte(s0));
    out[1] = (nw_i8)(positive ? nw_to_positive_byte(s1) : nw_to_byte(s1));
    out[2] = (nw_i8)(positive ? nw_to_positive_byte(s2) : nw_to_byte(s2));
    out[3] = (nw_i8)(positive ? nw_to_positive_byte(s3) : nw_to_byte(s3));
  }
}

void nw_dsp_add_q7(const nw_dsp_add_q7_params *p, const nw_i8 *a, const nw_i8 *b, nw_i8 *out) {
  if (p->min >= 0)
    nw_add_fours(p, a, b, out, 1);
  else
    nw_add_fours(p, a, b, out, 0);
  for (nw_i32 i = p->count & ~3; i < p->count; ++i) {
    nw_i32 const sum = NW_FLOOR_SHIFT(a[i] * p->a_unit + b[i] * p->b_unit + p->half, p->shift);
    out[i] = (nw_i8)nw_clamp(sum, p->min, p->max);
  }
  nw_limit_signed_bytes(out, p->count & ~3, 1, p->min, p->max);
}
