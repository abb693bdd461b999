/* Body of the functions of two elements; included once per instance. Macros it takes (and undefines):
 *   NW_PAIR_NAME    function to define
 *   NW_PAIR_IN      element type of a and b
 *   NW_PAIR_OUT     element type of out
 *   NW_PAIR_PARAMS  parameter struct; has `shape`, a nw_broadcast
 *   NW_PAIR_VALUE   what elements are widened to; nw_i32 where it is not defined
 *   NW_PAIR(p, x, y)  two elements as they are stored, widened -> the element of the result */
#ifndef NW_PAIR_VALUE
#define NW_PAIR_VALUE nw_i32
#endif

void NW_PAIR_NAME(const NW_FLASH NW_PAIR_PARAMS *p, const NW_PAIR_IN *a, const NW_PAIR_IN *b, NW_PAIR_OUT *out) {
  nw_i32 const n = p->shape.extent[NW_BROADCAST_RANK - 1];
  nw_i32 const a_step = p->shape.a_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const b_step = p->shape.b_stride[NW_BROADCAST_RANK - 1];
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    for (nw_i32 i = 0; i < n; ++i) {
      NW_PAIR_VALUE const x = (NW_PAIR_VALUE)a[at.a + i * a_step];
      NW_PAIR_VALUE const y = (NW_PAIR_VALUE)b[at.b + i * b_step];
      *out++ = (NW_PAIR_OUT)NW_PAIR(p, x, y);
    }
  } while (nw_broadcast_next(&p->shape, &at));
}

#undef NW_PAIR_NAME
#undef NW_PAIR_IN
#undef NW_PAIR_OUT
#undef NW_PAIR_PARAMS
#undef NW_PAIR_VALUE
#undef NW_PAIR
