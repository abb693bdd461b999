/* QUANTIZE from integers to integers: requantization. Conversions from and to float are host-only.
 *
 * multiplier, shift = s_in / s_out, the quotient in double (TFLM and LiteRT). The runtimes' XOR with 0x80 between 8-bit
 * types of one scale is this formula with factor 1.
 * By rule (Qm.n): the factor is 2^-shift, shift in [-30, 61], rounded by `rounding`; multiplier unused. */
#ifndef NARROW_QUANTIZE_H
#define NARROW_QUANTIZE_H

#include "nw_types.h"

typedef struct {
  nw_i32 count;
  nw_i32 input_zero_point;
  nw_i32 output_zero_point;
  nw_i32 multiplier; /* 0 or [2^30, 2^31 - 1] */
  int shift;         /* [-31, 30], |input - zero point| << shift below 2^31 */
  int rounding;      /* enum nw_rounding; by rule only */
} nw_quantize_params;

/* out may be in where both have the same size. */
void nw_quantize_i8_i8(const NW_FLASH nw_quantize_params *p, const nw_i8 *in, nw_i8 *out);
void nw_quantize_i8_u8(const NW_FLASH nw_quantize_params *p, const nw_i8 *in, nw_u8 *out);
void nw_quantize_i8_i16(const NW_FLASH nw_quantize_params *p, const nw_i8 *in, nw_i16 *out);
void nw_quantize_u8_i8(const NW_FLASH nw_quantize_params *p, const nw_u8 *in, nw_i8 *out);
void nw_quantize_u8_u8(const NW_FLASH nw_quantize_params *p, const nw_u8 *in, nw_u8 *out);
void nw_quantize_u8_i16(const NW_FLASH nw_quantize_params *p, const nw_u8 *in, nw_i16 *out);
void nw_quantize_i16_i8(const NW_FLASH nw_quantize_params *p, const nw_i16 *in, nw_i8 *out);
void nw_quantize_i16_i16(const NW_FLASH nw_quantize_params *p, const nw_i16 *in, nw_i16 *out);
void nw_quantize_i32_i8(const NW_FLASH nw_quantize_params *p, const nw_i32 *in, nw_i8 *out);
void nw_quantize_i32_i16(const NW_FLASH nw_quantize_params *p, const nw_i32 *in, nw_i16 *out);
void nw_quantize_by_rule_i8_i8(const NW_FLASH nw_quantize_params *p, const nw_i8 *in, nw_i8 *out);
void nw_quantize_by_rule_i8_i16(const NW_FLASH nw_quantize_params *p, const nw_i8 *in, nw_i16 *out);
void nw_quantize_by_rule_i16_i8(const NW_FLASH nw_quantize_params *p, const nw_i16 *in, nw_i8 *out);
void nw_quantize_by_rule_i16_i16(const NW_FLASH nw_quantize_params *p, const nw_i16 *in, nw_i16 *out);

#endif
