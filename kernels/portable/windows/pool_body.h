/* Body of the 2-D pools; included once per instance, see pool.c. Macros it takes (and undefines):
 *   NW_POOL_NAME               function to define
 *   NW_POOL_ACT                element type
 *   NW_POOL_START              nw_i32 accumulator of an empty window
 *   NW_POOL_FOLD(acc, v)       accumulator with one more element
 *   NW_POOL_VALUE(acc, count)  accumulator of count elements -> nw_i32 in output units
 *
 * Four neighbouring channels are computed together, so that the walk through the window is shared. */
void NW_POOL_NAME(const NW_FLASH nw_pool_params *p, const NW_POOL_ACT *in, NW_POOL_ACT *out) {
  for (nw_i32 n = 0; n < p->window.batches; ++n) {
    nw_i32 const b = nw_in_order(&p->window, n, p->window.batches);
    const NW_POOL_ACT *const image = in + b * p->window.input_h * p->window.input_w * p->window.input_c;
    for (nw_i32 m = 0; m < p->window.output_h; ++m) {
      nw_i32 const y = nw_in_order(&p->window, m, p->window.output_h);
      NW_POOL_ACT *const out_row = out + (b * p->window.output_h + y) * p->window.output_w * p->window.input_c;
      nw_pool_span const rows =
          nw_pool_clip(y, p->window.stride_h, p->window.pad_top, p->window.filter_h, p->window.input_h);
      for (nw_i32 k = 0; k < p->window.output_w; ++k) {
        nw_i32 const x = nw_in_order(&p->window, k, p->window.output_w);
        nw_pool_span const cols =
            nw_pool_clip(x, p->window.stride_w, p->window.pad_left, p->window.filter_w, p->window.input_w);
        nw_i32 const width = cols.end - cols.first, depth = p->window.input_c, row = p->window.input_w * depth;
        const NW_POOL_ACT *const first = image + rows.first * row + cols.first * depth;
        NW_POOL_ACT *const to = out_row + x * depth;
        nw_i32 c = 0;
        for (; c + 4 <= depth; c += 4) {
          nw_i32 a0 = NW_POOL_START, a1 = NW_POOL_START, a2 = NW_POOL_START, a3 = NW_POOL_START;
          const NW_POOL_ACT *from = first + c;
          for (nw_i32 i = rows.first; i < rows.end; ++i, from += row) {
            const NW_POOL_ACT *v = from;
            for (nw_i32 j = width; j > 0; --j, v += depth) {
              a0 = NW_POOL_FOLD(a0, (nw_i32)v[0]);
              a1 = NW_POOL_FOLD(a1, (nw_i32)v[1]);
              a2 = NW_POOL_FOLD(a2, (nw_i32)v[2]);
              a3 = NW_POOL_FOLD(a3, (nw_i32)v[3]);
            }
          }
          nw_i32 const acc[4] = {a0, a1, a2, a3};
          for (int i = 0; i < 4; ++i)
            to[c + i] =
                (NW_POOL_ACT)nw_clamp(NW_POOL_VALUE(acc[i], (rows.end - rows.first) * width), p->out_min, p->out_max);
        }
        for (; c < depth; ++c) {
          nw_i32 acc = NW_POOL_START;
          const NW_POOL_ACT *from = first + c;
          for (nw_i32 i = rows.first; i < rows.end; ++i, from += row)
            for (nw_i32 j = 0; j < width; ++j) acc = NW_POOL_FOLD(acc, (nw_i32)from[j * depth]);
          to[c] = (NW_POOL_ACT)nw_clamp(NW_POOL_VALUE(acc, (rows.end - rows.first) * width), p->out_min, p->out_max);
        }
      }
    }
  }
}

#undef NW_POOL_NAME
#undef NW_POOL_ACT
#undef NW_POOL_START
#undef NW_POOL_FOLD
#undef NW_POOL_VALUE
