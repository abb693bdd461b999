/* Sums of rows of weights over a row in lanes, rescaled to 16 bits by one factor: gates of an LSTM, filters of SVDF. */
#ifndef NARROW_DSP_GATE_H
#define NARROW_DSP_GATE_H

#include "dsp/dsp_columns.h"
#include "dsp/dsp_four_of_row.h"
#include "dsp/dsp_lanes.h"

/* nw_requantize_double of a sum that is given doubled, in 16 bits, half = 2^(down - 1), away = -1; both 0 where down is
 * 0, and nothing is rounded a second time. */
static NW_INLINE nw_i32 nw_gate_scaled(nw_i32 doubled, nw_i32 multiplier, nw_i32 half, nw_i32 away, nw_i32 down) {
  nw_i32 const v = nw_add_high_word(half, doubled, multiplier) + (NW_FLOOR_SHIFT(doubled, 31) & away);
  return nw_to_halfword(NW_FLOOR_SHIFT(v, down));
}

/* Twice a sum, shifted to the left. */
static NW_INLINE nw_i32 nw_gate_doubled(nw_i32 sum, nw_i32 left, int wide) {
  return wide ? (nw_i32)((nw_u32)sum << left) : NW_FLOOR_SHIFT(sum, 7 - left);
}

/* The sums of `rows` rows over a row in lanes, or what they add to `values`, four at a time: the last ones may be
 * padded. Their weights are those of nw_sums_of_row, and end where the returned ones begin. wide is a constant. */
static NW_INLINE const nw_u32 *nw_gate_sums(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights,
                                            nw_i32 multiplier, int shift, nw_i32 rows, nw_i32 add, nw_i16 *values,
                                            int wide) {
  nw_i32 const left = shift > 0 ? shift : 0, down = shift > 0 ? 0 : -shift;
  nw_i32 const half = ((nw_i32)1 << down) >> 1, away = down > 0 ? -1 : 0;
  for (; rows > 0; rows -= 4, values += 4) {
    nw_four_sums s;
    nw_u32 first, second;
    weights = nw_sums_of_row(row, end, weights, &s, wide);
    first = nw_word(nw_gate_scaled(nw_gate_doubled(s.a, left, wide), multiplier, half, away, down),
                    nw_gate_scaled(nw_gate_doubled(s.b, left, wide), multiplier, half, away, down));
    second = nw_word(nw_gate_scaled(nw_gate_doubled(s.c, left, wide), multiplier, half, away, down),
                     nw_gate_scaled(nw_gate_doubled(s.d, left, wide), multiplier, half, away, down));
    if (add) {
      first = nw_plus_lanes(first, nw_two_halfwords(values));
      second = nw_plus_lanes(second, nw_two_halfwords(values + 2));
    }
    nw_put_two_halfwords(values, first);
    nw_put_two_halfwords(values + 2, second);
  }
  return weights;
}

/* Writes a row in lanes for weights that are folded or wide, and zeros up to `end`. */
static NW_NOINLINE void nw_gate_row(nw_u32 *row, const nw_u32 *end, const nw_i8 *from, nw_i32 count, nw_i32 folded) {
  for (nw_u32 *z = nw_spread(row, from, count, folded); z < end; ++z) *z = 0;
}

#endif
