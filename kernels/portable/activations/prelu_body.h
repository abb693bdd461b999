/* Body of PRELU; included once per instance, see prelu.c. Macros it takes (and undefines):
 *   NW_PRELU_NAME  function to define
 *   NW_PRELU_ACT   element type of in and out, NW_PRELU_MIN and NW_PRELU_MAX its range
 *   NW_PRELU_REQUANTIZE(acc, multiplier, shift)  rounding */
void NW_PRELU_NAME(const NW_FLASH nw_prelu_params *p, const NW_PRELU_ACT *in, const nw_i8 *alpha, NW_PRELU_ACT *out) {
  nw_i32 const n = p->shape.extent[NW_BROADCAST_RANK - 1];
  nw_i32 const in_step = p->shape.a_stride[NW_BROADCAST_RANK - 1];
  nw_i32 const alpha_step = p->shape.b_stride[NW_BROADCAST_RANK - 1];
  nw_broadcast_cursor at = nw_broadcast_begin();
  do {
    for (nw_i32 i = 0; i < n; ++i) {
      nw_i32 const x = in[at.a + i * in_step] - p->input_zero_point;
      nw_i32 q;
      if (x >= 0) {
        q = NW_PRELU_REQUANTIZE(x, p->multiplier, p->shift);
      } else {
        nw_i32 const slope = alpha[at.b + i * alpha_step] - p->alpha_zero_point;
        q = NW_PRELU_REQUANTIZE(x * slope, p->alpha_multiplier, p->alpha_shift);
      }
      *out++ = (NW_PRELU_ACT)nw_clamp(q + p->output_zero_point, NW_PRELU_MIN, NW_PRELU_MAX);
    }
  } while (nw_broadcast_next(&p->shape, &at));
}

#undef NW_PRELU_NAME
#undef NW_PRELU_ACT
#undef NW_PRELU_MIN
#undef NW_PRELU_MAX
#undef NW_PRELU_REQUANTIZE
