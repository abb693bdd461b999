/* Body of SUM and MEAN; included once per instance, see reduce.c. Macros it takes (and undefines):
 *   NW_REDUCE_NAME    function to define
 *   NW_REDUCE_ACT     element type
 *   NW_REDUCE_PARAMS  parameter struct: nw_reduce_params, or a host struct that has its kept, reduced, sum_offset,
 *                     out_zero_point, out_min and out_max
 *   NW_REDUCE_EPILOGUE(p, acc)  nw_i32 sum less sum_offset -> nw_i32 in output units, out_zero_point not added */
void NW_REDUCE_NAME(const NW_FLASH NW_REDUCE_PARAMS *p, const NW_REDUCE_ACT *in, NW_REDUCE_ACT *out) {
  nw_reduce_cursor at = nw_reduce_begin(0);
  do {
    nw_reduce_cursor from = nw_reduce_begin(at.offset);
    nw_i32 acc = 0;
    do acc += (nw_i32)in[from.offset];
    while (nw_reduce_next(&p->reduced, &from));
    acc = NW_REDUCE_EPILOGUE(p, acc - p->sum_offset) + p->out_zero_point;
    *out++ = (NW_REDUCE_ACT)nw_clamp(acc, p->out_min, p->out_max);
  } while (nw_reduce_next(&p->kept, &at));
}

#undef NW_REDUCE_NAME
#undef NW_REDUCE_ACT
#undef NW_REDUCE_PARAMS
#undef NW_REDUCE_EPILOGUE
