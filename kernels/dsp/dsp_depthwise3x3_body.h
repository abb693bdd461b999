/* A band of results of dsp_depthwise3x3.c for one stride; no include guard. Define first: NW_BAND, the name of the
 * function, and NW_TWO, which adds the products of a line of the filter for two pixels; all are undefined again at the
 * end.
 *
 * Weights are loaded again for each two pixels: three loads, where six registers are not to be had. */
static NW_NOINLINE void NW_BAND(const nw_dsp_depthwise_params *p, const nw_u32 *plane, const nw_i32 *weights,
                                const nw_i32 *channel, nw_i32 lines, nw_i8 *to) {
  nw_i32 const words = nw_dsp_line_words(p), step = p->output_pixel;
  const nw_u32 *w = (const nw_u32 *)weights;
  for (; lines > 0; --lines, plane += p->stride * words, to += p->output_line) {
    const nw_u32 *x = plane, *y = x + words, *z = y + words;
    nw_i8 *at = to;
    nw_i32 left = p->output_length;
    for (;;) {
      nw_i32 a = channel[NW_CHANNEL_BEGIN], b = a;
      nw_u32 taps01, taps12;
      w = nw_two_words(w, &taps01, &taps12);
      x = NW_TWO(x, taps01, taps12, &a, &b);
      w = nw_two_words(w, &taps01, &taps12);
      y = NW_TWO(y, taps01, taps12, &a, &b);
      w = nw_two_words(w, &taps01, &taps12) - 6;
      z = NW_TWO(z, taps01, taps12, &a, &b);
      nw_i32 const m = channel[NW_CHANNEL_MULTIPLIER], k = channel[NW_CHANNEL_ADDEND], n = channel[NW_CHANNEL_SHIFT];
      *at = (nw_i8)nw_channel_result(a, m, k, n);
      if (--left == 0) break;
      at += step;
      *at = (nw_i8)nw_channel_result(b, m, k, n);
      if (--left == 0) break;
      at += step;
    }
  }
}

#undef NW_BAND
#undef NW_TWO
