/* Body of QUANTIZE; included once per pair of types, see quantize.c. Macros it takes (and undefines):
 *   NW_QUANTIZE_NAME  function to define
 *   NW_QUANTIZE_IN    element type of in
 *   NW_QUANTIZE_SCALE(p, v)  v in units of the output; stays defined
 *   NW_QUANTIZE_OUT   element type of out, NW_QUANTIZE_MIN and NW_QUANTIZE_MAX its range */
void NW_QUANTIZE_NAME(const NW_FLASH nw_quantize_params *p, const NW_QUANTIZE_IN *in, NW_QUANTIZE_OUT *out) {
  nw_quantize_params const own = *p; /* which no result can lie over */
  for (nw_i32 i = 0; i < own.count; ++i) {
    nw_i32 const q = NW_QUANTIZE_SCALE(&own, (nw_i32)in[i] - own.input_zero_point);
    out[i] = (NW_QUANTIZE_OUT)nw_clamp(q + own.output_zero_point, NW_QUANTIZE_MIN, NW_QUANTIZE_MAX);
  }
}

#undef NW_QUANTIZE_NAME
#undef NW_QUANTIZE_IN
#undef NW_QUANTIZE_OUT
#undef NW_QUANTIZE_MIN
#undef NW_QUANTIZE_MAX
