/* What is known of an output channel offline, and how its sums become results, for kernels whose weights are packed.
 * Include the words of a kind of processor first, for nw_high_word and nw_to_byte. */
#ifndef NARROW_PACKED_CHANNEL_H
#define NARROW_PACKED_CHANNEL_H

#include "nw_types.h"

/* A channel is four words: where sums begin (the bias, less the products of the weights with the input's zero point),
 * the multiplier in [2^30, 2^31 - 1] or 0, 2^(shift - 1) + (zero point of the output << shift), and the shift in
 * [1, 22]. Sums are within +-2^30. */
enum { NW_CHANNEL_BEGIN, NW_CHANNEL_MULTIPLIER, NW_CHANNEL_ADDEND, NW_CHANNEL_SHIFT, NW_CHANNEL_WORDS };

/* nw_requantize_double with a shift of -`shift`, the zero point added, limited to [-128, 127]:
 * nw_high_word(2 * acc, m) = floor((acc * m + 2^30) / 2^31), then ties away from zero. */
static NW_INLINE nw_i32 nw_channel_result(nw_i32 acc, nw_i32 multiplier, nw_i32 addend, nw_i32 shift) {
  nw_i32 x = nw_high_word((nw_i32)((nw_u32)acc << 1), multiplier);
  x += NW_FLOOR_SHIFT(x, 31);
  x += addend;
  return nw_to_byte(NW_FLOOR_SHIFT(x, shift));
}

/* Limits results to a fused activation that is narrower than eight bits. */
static NW_INLINE void nw_limit_bytes(nw_i8 *at, nw_i32 count, nw_i32 step, nw_i32 min, nw_i32 max) {
  if (min <= -128 && max >= 127) return;
  for (; count > 0; --count, at += step) *at = (nw_i8)nw_clamp(*at, min, max);
}

#endif
