/* Body of LEAKY_RELU; included once per instance, see leaky_relu.c. Macros it takes (and undefines):
 *   NW_LEAKY_RELU_NAME  function to define
 *   NW_LEAKY_RELU_ACT   element type, NW_LEAKY_RELU_MIN and NW_LEAKY_RELU_MAX its range
 *   NW_LEAKY_RELU_REQUANTIZE(acc, multiplier, shift)  rounding; multiplier >= 0 */
void NW_LEAKY_RELU_NAME(const NW_FLASH nw_leaky_relu_params *p, const NW_LEAKY_RELU_ACT *in, NW_LEAKY_RELU_ACT *out) {
  nw_i32 const alpha = p->alpha_multiplier < 0 ? -p->alpha_multiplier : p->alpha_multiplier;
  for (nw_i32 i = 0; i < p->count; ++i) {
    nw_i32 const x = in[i] - p->input_zero_point;
    nw_i32 q;
    if (x >= 0) {
      q = NW_LEAKY_RELU_REQUANTIZE(x, p->multiplier, p->shift);
    } else {
      q = NW_LEAKY_RELU_REQUANTIZE(x, alpha, p->alpha_shift);
      if (p->alpha_multiplier < 0) q = -q;
    }
    out[i] = (NW_LEAKY_RELU_ACT)nw_clamp(q + p->output_zero_point, NW_LEAKY_RELU_MIN, NW_LEAKY_RELU_MAX);
  }
}

#undef NW_LEAKY_RELU_NAME
#undef NW_LEAKY_RELU_ACT
#undef NW_LEAKY_RELU_MIN
#undef NW_LEAKY_RELU_MAX
#undef NW_LEAKY_RELU_REQUANTIZE
