/* Body of the tables of 256 entries; included once per instance, see table.c. Macros it takes (and undefines):
 *   NW_TABLE_NAME   function to define
 *   NW_TABLE_IN     element type of in, of 8 bits
 *   NW_TABLE_OUT    element type of the table and of out
 *   NW_TABLE_FIRST  what is added to an element to get its place in the table
 *
 * Eight elements at a time, so that a chip loads, looks up and stores and does little else. */
void NW_TABLE_NAME(const NW_FLASH nw_table_params *p, const NW_FLASH NW_TABLE_OUT *table, const NW_TABLE_IN *in,
                   NW_TABLE_OUT *out) {
  const NW_FLASH NW_TABLE_OUT *const of = table + NW_TABLE_FIRST;
  nw_i32 n = p->count;
  for (; n >= 8; n -= 8, in += 8, out += 8) {
    out[0] = of[in[0]];
    out[1] = of[in[1]];
    out[2] = of[in[2]];
    out[3] = of[in[3]];
    out[4] = of[in[4]];
    out[5] = of[in[5]];
    out[6] = of[in[6]];
    out[7] = of[in[7]];
  }
  for (; n > 0; --n) *out++ = of[*in++];
}

#undef NW_TABLE_NAME
#undef NW_TABLE_IN
#undef NW_TABLE_OUT
#undef NW_TABLE_FIRST
