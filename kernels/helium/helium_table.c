#include "helium/helium_table.h"

#include "helium/helium_vectors.h"

#if NW_HELIUM
/* The element of the table that belongs to each of 16 elements. */
static NW_INLINE nw_bytes nw_looked_up(const nw_i8 *table, nw_bytes v) {
  uint8x16_t const place = veorq_u8(vreinterpretq_u8_s8(v), vdupq_n_u8(0x80));
  return vldrbq_gather_offset_s8(table, place);
}
#else
static NW_INLINE nw_bytes nw_looked_up(const nw_i8 *table, nw_bytes v) {
  for (int i = 0; i < 16; ++i) v.lane[i] = table[v.lane[i] + 128];
  return v;
}
#endif

void nw_helium_table_i8(const NW_FLASH nw_table_params *p, const NW_FLASH nw_i8 *table, const nw_i8 *in, nw_i8 *out) {
  nw_i32 const left = p->count % 16;
  for (nw_i32 n = p->count / 16; n > 0; --n, out += 16) nw_put_bytes(out, nw_looked_up(table, nw_next_bytes(&in)));
  if (left > 0) nw_put_first_bytes(out, nw_looked_up(table, nw_first_bytes(in, left)), left);
}
