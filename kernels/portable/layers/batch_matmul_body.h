/* Body of BATCH_MATMUL; included once per instance, see batch_matmul.c. Macros it takes (and undefines):
 *   NW_MATMUL_NAME    function to define
 *   NW_MATMUL_A, NW_MATMUL_B  element types of a (and out) and b
 *   NW_MATMUL_SUM     accumulator type
 *   NW_MATMUL_SCALE(sum, multiplier, shift)  sum -> nw_i32 in output units, zero point not added
 *   NW_MATMUL_MAX     largest value of out */
void NW_MATMUL_NAME(const NW_FLASH nw_batch_matmul_params *p, const NW_MATMUL_A *a, const NW_MATMUL_B *b,
                    NW_MATMUL_A *out) {
  const NW_FLASH nw_broadcast *m = &p->matrices;
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    for (nw_i32 i = 0; i < m->extent[NW_BROADCAST_RANK - 1]; ++i) {
      const NW_MATMUL_A *x = a + (at.a + i * m->a_stride[NW_BROADCAST_RANK - 1]) * p->rows * p->depth;
      const NW_MATMUL_B *y = b + (at.b + i * m->b_stride[NW_BROADCAST_RANK - 1]) * p->depth * p->cols;
      for (nw_i32 r = 0; r < p->rows; ++r) {
        for (nw_i32 c = 0; c < p->cols; ++c) {
          NW_MATMUL_SUM sum = 0;
          nw_i32 scaled;
          for (nw_i32 k = 0; k < p->depth; ++k)
            sum += (NW_MATMUL_SUM)(x[r * p->a_row_stride + k * p->a_step] - p->a_zero_point) *
                   (y[c * p->b_col_stride + k * p->b_step] - p->b_zero_point);
          scaled = NW_MATMUL_SCALE(sum, p->multiplier, p->shift) + p->out_zero_point;
          *out++ = (NW_MATMUL_A)nw_clamp(scaled, -NW_MATMUL_MAX - 1, NW_MATMUL_MAX);
        }
      }
    }
  } while (nw_broadcast_next(m, &at));
}

#undef NW_MATMUL_NAME
#undef NW_MATMUL_A
#undef NW_MATMUL_B
#undef NW_MATMUL_SUM
#undef NW_MATMUL_SCALE
#undef NW_MATMUL_MAX
