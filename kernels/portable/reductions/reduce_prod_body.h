/* Body of REDUCE_PROD; included once per instance, see reduce_fold.c. Macros it takes (and undefines):
 *   NW_PRODUCT_NAME  function to define
 *   NW_PRODUCT_ACT   element type, NW_PRODUCT_MIN and NW_PRODUCT_MAX its range */
void NW_PRODUCT_NAME(const NW_FLASH nw_product_params *p, const NW_PRODUCT_ACT *in, NW_PRODUCT_ACT *out) {
  nw_reduce_cursor at = nw_reduce_begin(0);
  do {
    nw_reduce_cursor from = nw_reduce_begin(at.offset);
    nw_i32 acc = in[from.offset] - p->input_zero_point;
    while (nw_reduce_next(&p->reduced, &from))
      acc = nw_requantize_wide((nw_i64)acc * (in[from.offset] - p->input_zero_point), p->multiplier, p->shift);
    nw_i64 const q = (nw_i64)nw_requantize_wide(acc, p->multiplier, p->shift) + p->output_zero_point;
    *out++ = (NW_PRODUCT_ACT)(q < NW_PRODUCT_MIN ? NW_PRODUCT_MIN : q > NW_PRODUCT_MAX ? NW_PRODUCT_MAX : q);
  } while (nw_reduce_next(&p->kept, &at));
}

#undef NW_PRODUCT_NAME
#undef NW_PRODUCT_ACT
#undef NW_PRODUCT_MIN
#undef NW_PRODUCT_MAX
