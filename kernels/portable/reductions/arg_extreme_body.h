/* Body of ARG_MAX and ARG_MIN; included once per instance, see arg_extreme.c. Macros it takes (and undefines):
 *   NW_ARG_NAME          function to define
 *   NW_ARG_ACT           element type
 *   NW_ARG_BEFORE(a, b)  whether a takes the place of b */
void NW_ARG_NAME(const NW_FLASH nw_arg_params *p, const NW_ARG_ACT *in, nw_i32 *out) {
  for (nw_i32 o = 0; o < p->outer; ++o, in += p->depth * p->inner) {
    for (nw_i32 i = 0; i < p->inner; ++i) {
      nw_i32 best = 0;
      for (nw_i32 d = 1; d < p->depth; ++d)
        if (NW_ARG_BEFORE(in[d * p->inner + i], in[best * p->inner + i])) best = d;
      *out++ = best;
    }
  }
}

#undef NW_ARG_NAME
#undef NW_ARG_ACT
#undef NW_ARG_BEFORE
