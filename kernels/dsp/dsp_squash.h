/* The functions of portable/activations/logistic_body.h of numbers that come from 16 bits. */
#ifndef NARROW_DSP_SQUASH_H
#define NARROW_DSP_SQUASH_H

#include "dsp/dsp_lanes.h"

/* v where `sign` is 0, else -v - 1. */
static NW_INLINE nw_i32 nw_turned(nw_i32 v, nw_i32 sign) {
  return v ^ sign;
}

/* nw_table_logistic_16 of |v| < 255 * 512, which is within the table. Of a negative number it is 2^25 - y + 511 before
 * the shift, which is -y - 1 and 2^25 + 512. */
static NW_INLINE nw_i32 nw_dsp_sigmoid(const nw_u16 *table, nw_i32 v) {
  nw_i32 const sign = NW_FLOOR_SHIFT(v, 31), size = nw_turned(v, sign) - sign;
  const nw_u16 *const at = table + (size >> 9);
  nw_i32 const low = at[0], y = (low << 9) + (size & 511) * ((nw_i32)at[1] - low);
  return (nw_turned(y, sign) + (sign & ((nw_i32)1 << 25)) + 512) >> 10;
}

/* nw_table_tanh_16. Of a negative number it is -y + 127 before the shift, which is -y - 1 and 128. */
static NW_INLINE nw_i32 nw_dsp_tanh(const nw_u16 *table, nw_i32 v) {
  nw_i32 const sign = NW_FLOOR_SHIFT(v, 31), size = nw_turned(v, sign) - sign;
  nw_i32 y = (nw_i32)0xFFFF << 8;
  if (size < 255 << 8) {
    const nw_u16 *const at = table + (size >> 8);
    nw_i32 const low = at[0];
    y = (low << 8) + (size & 255) * ((nw_i32)at[1] - low);
  }
  return NW_FLOOR_SHIFT(nw_turned(y - ((nw_i32)1 << 23), sign) + 128, 8);
}

#endif
