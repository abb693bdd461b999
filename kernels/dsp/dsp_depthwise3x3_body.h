/* A row of results of dsp_depthwise3x3.c; no include guard. Define first: NW_PIXEL_ROW, the name of the function,
 * NW_ROW, which adds the products of a row of the filter for two pixels, and NW_STEP, columns from one pair of pixels
 * to the next; all are undefined again at the end. */
static NW_NOINLINE void NW_PIXEL_ROW(const nw_i8 *from, nw_i32 columns, const nw_filter3x3 *filter, nw_i32 count,
                                     nw_i8 *to, nw_i32 depth) {
  nw_filter3x3 const f = *filter;
  for (; count > 0; count -= 2, from += NW_STEP) {
    nw_i32 a = f.begin, b = f.begin;
    NW_ROW(from, 0, f.side[0], f.middle[0], &a, &b);
    NW_ROW(from, columns, f.side[1], f.middle[1], &a, &b);
    NW_ROW(from, 2 * columns, f.side[2], f.middle[2], &a, &b);
    *to = (nw_i8)nw_channel_result(a, f.multiplier, f.addend, f.shift);
    if (count == 1) return;
    to += depth;
    *to = (nw_i8)nw_channel_result(b, f.multiplier, f.addend, f.shift);
    to += depth;
  }
}

#undef NW_PIXEL_ROW
#undef NW_ROW
#undef NW_STEP
