/* Body of REDUCE_MAX and REDUCE_MIN; included once per instance, see reduce_fold.c. Macros it takes (and undefines):
 *   NW_EXTREME_NAME          function to define
 *   NW_EXTREME_ACT           element type
 *   NW_EXTREME_BEFORE(a, b)  whether a takes the place of b */
void NW_EXTREME_NAME(const NW_FLASH nw_extreme_params *p, const NW_EXTREME_ACT *in, NW_EXTREME_ACT *out) {
  nw_reduce_cursor at = nw_reduce_begin(0);
  do {
    nw_reduce_cursor from = nw_reduce_begin(at.offset);
    NW_EXTREME_ACT best = in[from.offset];
    while (nw_reduce_next(&p->reduced, &from))
      if (NW_EXTREME_BEFORE(in[from.offset], best)) best = in[from.offset];
    *out++ = best;
  } while (nw_reduce_next(&p->kept, &at));
}

#undef NW_EXTREME_NAME
#undef NW_EXTREME_ACT
#undef NW_EXTREME_BEFORE
