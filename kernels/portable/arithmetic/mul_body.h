/* Body of MUL; included once per instance, see mul.c. Macros it takes (and undefines):
 *   NW_MUL_NAME    function to define
 *   NW_MUL_ACT     element type of a, b and out
 *   NW_MUL_PARAMS  parameter struct: nw_mul_params, or a host struct that has its members but multiplier and shift
 *   NW_MUL_EPILOGUE(p, product)  nw_i32 product -> nw_i32 in output units, zero point not added */
void NW_MUL_NAME(const NW_FLASH NW_MUL_PARAMS *p, const NW_MUL_ACT *a, const NW_MUL_ACT *b, NW_MUL_ACT *out) {
  nw_i32 const n = p->shape.extent[NW_BROADCAST_RANK - 1];
  nw_i32 const a_step = p->shape.a_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const b_step = p->shape.b_stride[NW_BROADCAST_RANK - 1];
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    for (nw_i32 i = 0; i < n; ++i) {
      nw_i32 const x = (nw_i32)a[at.a + i * a_step] - p->a_zero_point;
      nw_i32 const y = (nw_i32)b[at.b + i * b_step] - p->b_zero_point;
      nw_i32 const product = NW_MUL_EPILOGUE(p, x * y) + p->out_zero_point;
      *out++ = (NW_MUL_ACT)nw_clamp(product, p->out_min, p->out_max);
    }
  } while (nw_broadcast_next(&p->shape, &at));
}

#undef NW_MUL_NAME
#undef NW_MUL_ACT
#undef NW_MUL_PARAMS
#undef NW_MUL_EPILOGUE
