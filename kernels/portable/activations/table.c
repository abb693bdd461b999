#include "portable/activations/table.h"

void nw_table_i8(nw_i32 count, nw_i8 const *table, nw_i8 const *in, nw_i8 *out) {
  for (nw_i32 i = 0; i < count; ++i) out[i] = table[in[i] + 128];
}

void nw_table_u8(nw_i32 count, nw_u8 const *table, nw_u8 const *in, nw_u8 *out) {
  for (nw_i32 i = 0; i < count; ++i) out[i] = table[in[i]];
}

void nw_table_i16(nw_i32 count, nw_i16 const *table, nw_i16 const *in, nw_i16 *out) {
  for (nw_i32 i = 0; i < count; ++i) out[i] = (nw_i16)nw_interpolate(in[i], table);
}
