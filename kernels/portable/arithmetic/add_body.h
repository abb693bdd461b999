/* Body of ADD and SUB; included once per instance, see add.c. Macros it takes (and undefines):
 *   NW_ADD_NAME    function to define
 *   NW_ADD_ACT     element type of a, b and out
 *   NW_ADD_PARAMS  parameter struct: nw_add_params, or a host struct that has its shape, a.zero_point, b.zero_point,
 *                  out_zero_point, out_min and out_max
 *   NW_ADD_SUM(p, x, y, i, n)  x and y (nw_i32, zero points removed) -> nw_i32 in output units, zero point not added.
 *                  i, n: position in and length of the innermost run; vector code of a runtime may round its tail
 *                  otherwise, integer arithmetic ignores both. */
void NW_ADD_NAME(const NW_FLASH NW_ADD_PARAMS *p, const NW_ADD_ACT *a, const NW_ADD_ACT *b, NW_ADD_ACT *out) {
  nw_i32 const n = p->shape.extent[NW_BROADCAST_RANK - 1];
  nw_i32 const a_step = p->shape.a_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const b_step = p->shape.b_stride[NW_BROADCAST_RANK - 1];
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    for (nw_i32 i = 0; i < n; ++i) {
      nw_i32 const x = (nw_i32)a[at.a + i * a_step] - p->a.zero_point;
      nw_i32 const y = (nw_i32)b[at.b + i * b_step] - p->b.zero_point;
      nw_i32 const sum = NW_ADD_SUM(p, x, y, i, n) + p->out_zero_point;
      *out++ = (NW_ADD_ACT)nw_clamp(sum, p->out_min, p->out_max);
    }
  } while (nw_broadcast_next(&p->shape, &at));
}

#undef NW_ADD_NAME
#undef NW_ADD_ACT
#undef NW_ADD_PARAMS
#undef NW_ADD_SUM
