#include "portable/activations/table.h"

void nw_table_i8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i8 *table, const nw_i8 *in, nw_i8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = table[in[i] + 128];
}

void nw_table_u8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_u8 *table, const nw_u8 *in, nw_u8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = table[in[i]];
}

void nw_table_i16(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i16 *table, const nw_i16 *in, nw_i16 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = (nw_i16)nw_interpolate(in[i], table);
}
