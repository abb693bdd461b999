/* What is known of an output channel offline, and how its sums become results, for kernels whose weights are packed.
 * Include the words of a kind of processor first, for nw_add_high_word and nw_to_byte. */
#ifndef NARROW_PACKED_CHANNEL_H
#define NARROW_PACKED_CHANNEL_H

#include "nw_types.h"

/* A channel is four words: where sums begin (the bias, less the products of the weights with the input's zero point),
 * the multiplier in [2^30, 2^31 - 1] or 0, 2^(shift - 1) + (zero point of the output << shift), and the shift in
 * [1, 22]. Sums are within +-2^30. */
enum { NW_CHANNEL_BEGIN, NW_CHANNEL_MULTIPLIER, NW_CHANNEL_ADDEND, NW_CHANNEL_SHIFT, NW_CHANNEL_WORDS };

static NW_INLINE nw_i32 nw_doubled(nw_i32 sum) {
  return (nw_i32)((nw_u32)sum << 1);
}

/* nw_requantize_double of a sum, given doubled, with a shift of -`shift`, the zero point added, limited to [-128, 127].
 * The first rounding, floor((doubled * multiplier + 2^31) / 2^32), is negative where the sum is, but for a sum of -1
 * and a multiplier of 2^30, where it is 0. The second one rounds ties away from zero: it takes 1 from what is negative.
 * That makes no difference to 0, as 2^(shift - 1) - 1 and 2^(shift - 1) both give 0 when shifted. */
static NW_INLINE nw_i32 nw_channel_result(nw_i32 doubled, nw_i32 multiplier, nw_i32 addend, nw_i32 shift) {
  nw_i32 const x = nw_add_high_word(addend, doubled, multiplier) + NW_FLOOR_SHIFT(doubled, 31);
  return nw_to_byte(NW_FLOOR_SHIFT(x, shift));
}

/* Limits results to a fused activation that is narrower than eight bits. */
static NW_INLINE void nw_limit_bytes(nw_i8 *at, nw_i32 count, nw_i32 step, nw_i32 min, nw_i32 max) {
  if (min <= -128 && max >= 127) return;
  for (; count > 0; --count, at += step) *at = (nw_i8)nw_clamp(*at, min, max);
}

#endif
