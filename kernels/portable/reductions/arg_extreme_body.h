/* Body of ARG_MAX and ARG_MIN; included once per instance, see arg_extreme.c. Macros it takes (and undefines):
 *   NW_ARG_NAME          function to define
 *   NW_ARG_ACT           element type
 *   NW_ARG_BEFORE(a, b)  whether a takes the place of b */
void NW_ARG_NAME(const NW_FLASH nw_arg_params *p, const NW_ARG_ACT *in, nw_i32 *out) {
  nw_i32 const depth = p->depth, inner = p->inner;
  for (nw_i32 o = 0; o < p->outer; ++o, in += depth * inner) {
    for (nw_i32 i = 0; i < inner; ++i) {
      const NW_ARG_ACT *x = in + i;
      NW_ARG_ACT best = *x;
      nw_i32 at = 0;
      nw_i32 d = 1;
      for (; d + 4 <= depth; d += 4, x += 4 * inner) {
        NW_ARG_ACT const x0 = x[inner], x1 = x[2 * inner], x2 = x[3 * inner], x3 = x[4 * inner];
        if (NW_ARG_BEFORE(x0, best)) best = x0, at = d;
        if (NW_ARG_BEFORE(x1, best)) best = x1, at = d + 1;
        if (NW_ARG_BEFORE(x2, best)) best = x2, at = d + 2;
        if (NW_ARG_BEFORE(x3, best)) best = x3, at = d + 3;
      }
      for (; d < depth; ++d) {
        x += inner;
        if (NW_ARG_BEFORE(*x, best)) best = *x, at = d;
      }
      *out++ = at;
    }
  }
}

#undef NW_ARG_NAME
#undef NW_ARG_ACT
#undef NW_ARG_BEFORE
