/* Body of RESIZE_BILINEAR; included once per instance, see resize.c. Macros it takes (and undefines):
 *   NW_RESIZE_NAME  function to define
 *   NW_RESIZE_ACT   element type
 *   NW_RESIZE_ACC   accumulator: element times 2^21 must fit
 *   NW_RESIZE_ROUND(acc)  acc / 2^20, rounded, as nw_i32 */
void NW_RESIZE_NAME(const NW_FLASH nw_resize_bilinear_params *p, const NW_RESIZE_ACT *in, NW_RESIZE_ACT *out) {
  nw_i32 const row = p->width.in * p->depth;
  for (nw_i32 b = 0; b < p->batches; ++b, in += p->height.in * row) {
    for (nw_i32 y = 0; y < p->height.out; ++y) {
      resize_pair const v = resize_neighbours(&p->height, y);
      for (nw_i32 x = 0; x < p->width.out; ++x) {
        resize_pair const h = resize_neighbours(&p->width, x);
        const NW_RESIZE_ACT *const top = in + v.low * row;
        const NW_RESIZE_ACT *const bottom = in + v.high * row;
        nw_i32 const left = h.low * p->depth;
        nw_i32 const right = h.high * p->depth;
        NW_RESIZE_ACC const top_left = (NW_RESIZE_ACC)((1024 - v.part) * (1024 - h.part));
        NW_RESIZE_ACC const top_right = (NW_RESIZE_ACC)((1024 - v.part) * h.part);
        NW_RESIZE_ACC const bottom_left = (NW_RESIZE_ACC)(v.part * (1024 - h.part));
        NW_RESIZE_ACC const bottom_right = (NW_RESIZE_ACC)(v.part * h.part);
        for (nw_i32 c = 0; c < p->depth; ++c) {
          NW_RESIZE_ACC const sum = top[left + c] * top_left + top[right + c] * top_right +
                                    bottom[left + c] * bottom_left + bottom[right + c] * bottom_right;
          *out++ = (NW_RESIZE_ACT)NW_RESIZE_ROUND(sum);
        }
      }
    }
  }
}

#undef NW_RESIZE_NAME
#undef NW_RESIZE_ACT
#undef NW_RESIZE_ACC
#undef NW_RESIZE_ROUND
