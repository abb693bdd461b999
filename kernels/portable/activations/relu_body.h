/* Body of RELU; included once per instance, see relu.c. Macros it takes (and undefines):
 *   NW_RELU_NAME  function to define
 *   NW_RELU_ACT   element type
 *   NW_RELU_REQUANTIZE(acc, multiplier, shift)  rounding */
void NW_RELU_NAME(const NW_FLASH nw_relu_params *p, const NW_RELU_ACT *in, NW_RELU_ACT *out) {
  for (nw_i32 i = 0; i < p->count; ++i) {
    nw_i32 const q = NW_RELU_REQUANTIZE(in[i] - p->input_zero_point, p->multiplier, p->shift) + p->output_zero_point;
    out[i] = (NW_RELU_ACT)nw_clamp(q, p->out_min, p->out_max);
  }
}

#undef NW_RELU_NAME
#undef NW_RELU_ACT
#undef NW_RELU_REQUANTIZE
