/* How sums of products become results, for widths other than 8 bits: of each channel a record of words, where its sums
 * begin first, and what a sum is scaled by. */
#ifndef NARROW_DSP_RESULTS_H
#define NARROW_DSP_RESULTS_H

#include "dsp/dsp_channel.h"
#include "dsp/dsp_lanes.h"

/* int16 results: begin, multiplier of 16 bits, half, shift. floor((sum * multiplier + 2^(shift + 15)) / 2^(shift + 16))
 * for shifts in [1, 31], half = 2^(shift - 1): as that is whole, the product may be cut by 16 bits first. */
enum { NW_I16_WORDS = 4 };
typedef struct {
  nw_i32 multiplier, half, shift;
} nw_i16_scale;

static NW_INLINE nw_i16_scale nw_i16_scale_of(const nw_i32 *record) {
  nw_i16_scale s;
  s.multiplier = record[1];
  s.half = record[2];
  s.shift = record[3];
  return s;
}

static NW_INLINE nw_i32 nw_i16_scaled(nw_i32 sum, nw_i16_scale s) {
  return NW_FLOOR_SHIFT(nw_mac_scaled(sum, s.multiplier, s.half), s.shift);
}

/* Scales that are powers of two: begin, which has half a unit of the result in it, and shift in [0, 31]. */
enum { NW_SHIFTED_WORDS = 2 };
typedef struct {
  nw_i32 shift;
} nw_shifted_scale;

static NW_INLINE nw_shifted_scale nw_shifted_scale_of(const nw_i32 *record) {
  nw_shifted_scale s;
  s.shift = record[1];
  return s;
}

static NW_INLINE nw_i32 nw_shifted(nw_i32 sum, nw_shifted_scale s) {
  return NW_FLOOR_SHIFT(sum, s.shift);
}

/* int8 results that are rounded twice, of 16 times the sums, to which begin belongs: begin, multiplier in [2^30, 2^31 -
 * 1] or 0, addend, and a word of bytes from the lowest on: shift in [0, 22], 3 - left with left in [0, 3], and -1 in
 * the upper half where shift is above 0. The factor is multiplier * 2^(left - shift - 31), one of left and shift being
 * 0; addend = 2^(shift - 1) + (zero point << shift), or the zero point. Sums with what they begin with are within
 * +-2^26. */
enum { NW_DOUBLE_WORDS = 4 };
typedef struct {
  nw_i32 multiplier, addend, shift, before;
  nw_i32 away; /* -1 where ties of a shift go away from zero; 0 where there is no shift */
} nw_double_scale;

static NW_INLINE nw_double_scale nw_double_scale_of(const nw_i32 *record) {
  nw_double_scale s;
  s.multiplier = record[1];
  s.addend = record[2];
  s.shift = record[3] & 255;
  s.before = (record[3] >> 8) & 255;
  s.away = NW_FLOOR_SHIFT(record[3], 16);
  return s;
}

/* nw_requantize_double, the zero point added, limited to [-128, 127]: dsp_channel.h. A sum below 0 may become 0 by the
 * first rounding; then 1 less makes no difference to the second. */
static NW_INLINE nw_i32 nw_double_scaled(nw_i32 sum, nw_double_scale s) {
  nw_i32 const addend = s.addend + (NW_FLOOR_SHIFT(sum, 31) & s.away);
  nw_i32 const x = nw_add_high_word(addend, NW_FLOOR_SHIFT(sum, s.before), s.multiplier);
  return nw_to_byte(NW_FLOOR_SHIFT(x, s.shift));
}

static NW_INLINE nw_i32 nw_as_it_is(nw_i32 v) {
  return v;
}

/* Limits results to a fused activation that neither [-32768, 32767] nor [0, 32767] is. */
static NW_INLINE void nw_limit_halfwords(nw_i16 *at, nw_i32 count, nw_i32 step, nw_i32 min, nw_i32 max) {
  if ((min <= -32768 || min == 0) && max >= 32767) return;
  for (; count > 0; --count, at += step) *at = (nw_i16)nw_clamp(*at, min, max);
}

/* The same of bytes. */
static NW_INLINE void nw_limit_signed_bytes(nw_i8 *at, nw_i32 count, nw_i32 step, nw_i32 min, nw_i32 max) {
  if ((min <= -128 || min == 0) && max >= 127) return;
  for (; count > 0; --count, at += step) *at = (nw_i8)nw_clamp(*at, min, max);
}

#endif
