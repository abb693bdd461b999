/* Body of TOPK_V2; included once per instance, see topk.c. Macros it takes (and undefines):
 *   NW_TOPK_NAME          function to define
 *   NW_TOPK_ACT           element type
 *   NW_TOPK_BEFORE(a, b)  whether a comes before b, which is further ahead in the row */
void NW_TOPK_NAME(const NW_FLASH nw_topk_params *p, const NW_TOPK_ACT *in, NW_TOPK_ACT *values, nw_i32 *indices) {
  for (nw_i32 row = 0; row < p->rows; ++row, in += p->depth, values += p->k, indices += p->k) {
    nw_i32 found = 0;
    for (nw_i32 d = 0; d < p->depth; ++d) {
      if (found == p->k && (p->k == 0 || !NW_TOPK_BEFORE(in[d], values[found - 1]))) continue;
      nw_i32 at = found < p->k ? found++ : found - 1;
      for (; at > 0 && NW_TOPK_BEFORE(in[d], values[at - 1]); --at) {
        values[at] = values[at - 1];
        indices[at] = indices[at - 1];
      }
      values[at] = in[d];
      indices[at] = d;
    }
  }
}

#undef NW_TOPK_NAME
#undef NW_TOPK_ACT
#undef NW_TOPK_BEFORE
