/* Elementwise functions by table.
 *
 * Any function of one 8-bit number is a table of 256, whatever arithmetic a runtime uses to get there: LOGISTIC, TANH,
 * ELU, GELU of LiteRT, and every unary op of XNNPACK. Tables are made on the host (src/ops/integer/tables.h). */
#ifndef NARROW_TABLE_H
#define NARROW_TABLE_H

#include "nw_requantize.h"

typedef struct {
  nw_i32 count;
} nw_table_params;

/* out[i] = table[in[i] + 128] for nw_i8, table[in[i]] for nw_u8: 256 entries, from the lowest input to the highest.
 * out may be in where both have 8 bits. */
void nw_table_i8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i8 *table, const nw_i8 *in, nw_i8 *out);
void nw_table_u8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_u8 *table, const nw_u8 *in, nw_u8 *out);
void nw_table_i8_u8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_u8 *table, const nw_i8 *in, nw_u8 *out);
void nw_table_u8_i8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i8 *table, const nw_u8 *in, nw_i8 *out);
void nw_table_i8_i16(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i16 *table, const nw_i8 *in, nw_i16 *out);
void nw_table_u8_i16(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i16 *table, const nw_u8 *in, nw_i16 *out);

/* The upper 9 bits of in[i] choose an interval of table (513 entries), the lower 7 interpolate: see nw_interpolate.
 * out may be in. */
void nw_table_i16(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i16 *table, const nw_i16 *in, nw_i16 *out);

/* The number in [-32768, 32767] that differs from v by a multiple of 65536. */
static inline nw_i32 nw_wrap_16(nw_i32 v) {
  nw_i32 const low = (nw_i32)((nw_u32)v & 0xFFFF);
  return low < 32768 ? low : low - 65536;
}

/* Linear interpolation, ties up. table: 513 entries, entry i at v = -32768 + 128 * i. Slope and result wrap at 16 bits,
 * as in the runtimes: between neighbours 2^15 or more apart (LOG at 0) the line runs the other way. LUTLookup of
 * LiteRT and TFLM. */
static inline nw_i32 nw_interpolate(nw_i32 v, const NW_FLASH nw_i16 *table) {
  const NW_FLASH nw_i16 *const at = table + ((v + 32768) >> 7);
  nw_i32 const slope = nw_wrap_16((nw_i32)at[1] - at[0]);
  return nw_wrap_16(at[0] + (nw_i32)nw_floor_shift(slope * ((v + 32768) & 127) + 64, 7));
}

#endif
