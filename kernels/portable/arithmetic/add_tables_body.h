/* Body of the functions of add_tables.h; included once per instance. Macros it takes (and undefines):
 *   NW_TABLES_NAME             function to define
 *   NW_TABLES_SCALED(sum, m)   the sum of two entries -> what it is times m, rounded once, nw_i32 */
void NW_TABLES_NAME(const NW_FLASH nw_add_tables_params *p, const NW_FLASH nw_i32 *tables, const nw_i8 *a,
                    const nw_i8 *b, nw_i8 *out) {
  nw_i32 const n = p->shape.extent[NW_BROADCAST_RANK - 1];
  nw_i32 const a_step = p->shape.a_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const b_step = p->shape.b_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const multiplier = p->multiplier, addend = p->addend, min = p->out_min, max = p->out_max;
  int const shift = p->shift;
  const NW_FLASH nw_i32 *const of_a = tables + 128;
  const NW_FLASH nw_i32 *const of_b = tables + 384;
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    const nw_i8 *x = a + at.a;
    const nw_i8 *y = b + at.b;
    for (nw_i32 i = n; i > 0; --i, x += a_step, y += b_step) {
      nw_i32 const high = NW_TABLES_SCALED(of_a[*x] + of_b[*y], multiplier);
      nw_i32 const sum = high - (high < 0) + addend; /* with ties away from zero */
      *out++ = (nw_i8)nw_clamp(NW_FLOOR_SHIFT(sum, shift), min, max);
    }
  } while (nw_broadcast_next(&p->shape, &at));
}

#undef NW_TABLES_NAME
#undef NW_TABLES_SCALED
