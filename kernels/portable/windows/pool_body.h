/* Body of the 2-D pools; included once per instance, see pool.c. Macros it takes (and undefines):
 *   NW_POOL_NAME               function to define
 *   NW_POOL_ACT                element type
 *   NW_POOL_START              nw_i32 accumulator of an empty window
 *   NW_POOL_FOLD(acc, v)       accumulator with one more element
 *   NW_POOL_VALUE(acc, count)  accumulator of count elements -> nw_i32 in output units */
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
        for (nw_i32 c = 0; c < p->window.input_c; ++c) {
          nw_i32 acc = NW_POOL_START;
          for (nw_i32 i = rows.first; i < rows.end; ++i) {
            const NW_POOL_ACT *row = image + i * p->window.input_w * p->window.input_c + c;
            for (nw_i32 j = cols.first; j < cols.end; ++j) acc = NW_POOL_FOLD(acc, (nw_i32)row[j * p->window.input_c]);
          }
          acc = NW_POOL_VALUE(acc, (rows.end - rows.first) * (cols.end - cols.first));
          out_row[x * p->window.input_c + c] = (NW_POOL_ACT)nw_clamp(acc, p->out_min, p->out_max);
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
