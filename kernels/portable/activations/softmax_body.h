/* Body of the fixed-point SOFTMAX; included once per output type, see softmax.c. Macros it takes (and undefines):
 *   NW_SOFTMAX_NAME  function to define
 *   NW_SOFTMAX_IN    element type of in
 *   NW_SOFTMAX_OUT   element type of out
 *   NW_SOFTMAX_BITS, NW_SOFTMAX_ZERO  output = probability * 2^bits + zero, at most 2^bits - 1 + zero */
void NW_SOFTMAX_NAME(const NW_FLASH nw_softmax_params *p, const NW_SOFTMAX_IN *in, NW_SOFTMAX_OUT *out) {
  for (nw_i32 row = 0; row < p->rows; ++row, in += p->depth, out += p->depth) {
    nw_i32 top = in[0];
    for (nw_i32 c = 1; c < p->depth; ++c)
      if (in[c] > top) top = in[c];

    nw_i32 sum = 0; /* Q12.19 */
    for (nw_i32 c = 0; c < p->depth; ++c)
      if (in[c] - top >= p->diff_min) sum += nw_fp_scale(softmax_exp(p, in[c] - top), -12, 32);

    /* sum = m * 2^(12 - zeros), m in [1, 2): its reciprocal is 1 / m and a shift. */
    int const zeros = nw_leading_zeros((nw_u32)sum);
    nw_i32 const reciprocal = nw_fp_reciprocal((nw_i32)(((nw_u32)sum << zeros) & NW_I32_MAX), 32);
    int const shift = 12 - zeros + 31 - NW_SOFTMAX_BITS;

    for (nw_i32 c = 0; c < p->depth; ++c) {
      nw_i32 q = 0;
      if (in[c] - top >= p->diff_min)
        q = nw_round_shift_away(nw_fp_mul(reciprocal, softmax_exp(p, in[c] - top), 32), shift);
      out[c] = (NW_SOFTMAX_OUT)(nw_clamp(q, 0, ((nw_i32)1 << NW_SOFTMAX_BITS) - 1) + NW_SOFTMAX_ZERO);
    }
  }
}

#undef NW_SOFTMAX_NAME
#undef NW_SOFTMAX_IN
#undef NW_SOFTMAX_OUT
#undef NW_SOFTMAX_BITS
#undef NW_SOFTMAX_ZERO
