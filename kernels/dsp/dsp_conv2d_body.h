/* The loops of dsp_conv2d.c for one width of weights; no include guard. Define first: NW_FOUR, NW_PIXELS and
 * NW_CONV2D, the names of the functions, NW_WIDE_WEIGHTS, 1 where weights are lanes, and NW_WEAVE, which writes the
 * columns of pixels of the input; all are undefined again at the end. */

#if NW_WIDE_WEIGHTS
#define NW_DOUBLED(sum) (sum)
#else
#define NW_DOUBLED(sum) nw_doubled_of_folded(sum)
#endif

/* Adds the products of four elements. x and weights are moved behind them. */
static NW_INLINE void NW_FOUR(const nw_u32 **x, const nw_u32 **weights, nw_two_by_three *s) {
  nw_u32 x0, x1, x2, v, w;
  *weights = nw_two_words(*weights, &v, &w);
  *x = nw_three_words(*x, &x0, &x1, &x2);
#if NW_WIDE_WEIGHTS
  nw_add_products(x0, x1, x2, v, s->a);
  nw_add_products(x0, x1, x2, w, s->b);
  *weights = nw_two_words(*weights, &v, &w);
  *x = nw_three_words(*x, &x0, &x1, &x2);
  nw_add_products(x0, x1, x2, v, s->a);
  nw_add_products(x0, x1, x2, w, s->b);
#else
  nw_add_products(x0, x1, x2, nw_even_bytes(v), s->a);
  nw_add_products(x0, x1, x2, nw_even_bytes(w), s->b);
  *x = nw_three_words(*x, &x0, &x1, &x2);
  nw_add_products(x0, x1, x2, v, s->a);
  nw_add_products(x0, x1, x2, w, s->b);
#endif
}

/* The results of all channels at three pixels, whose columns lie in `columns`: at `y`, and `second` and `third` behind
 * it. */
static NW_NOINLINE void NW_PIXELS(const nw_u32 *columns, const nw_u32 *end, const nw_u32 *weights,
                                  const nw_i32 *channels, nw_i8 *y, const nw_places *places) {
  nw_i8 *const last = y + places->depth;
  nw_i32 const second = places->second, third = places->third;
  for (;;) {
    nw_two_by_three s;
    const nw_u32 *x = columns;
    s.a[0] = s.a[1] = s.a[2] = channels[NW_CHANNEL_BEGIN];
    s.b[0] = s.b[1] = s.b[2] = channels[NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN];
    do {
      NW_FOUR(&x, &weights, &s);
      NW_FOUR(&x, &weights, &s);
    } while (x != end);
    nw_i32 m = channels[NW_CHANNEL_MULTIPLIER], k = channels[NW_CHANNEL_ADDEND], n = channels[NW_CHANNEL_SHIFT];
    y[third] = (nw_i8)nw_channel_result(NW_DOUBLED(s.a[2]), m, k, n);
    y[second] = (nw_i8)nw_channel_result(NW_DOUBLED(s.a[1]), m, k, n);
    *y++ = (nw_i8)nw_channel_result(NW_DOUBLED(s.a[0]), m, k, n);
    if (y == last) break;
    channels += NW_CHANNEL_WORDS;
    m = channels[NW_CHANNEL_MULTIPLIER];
    k = channels[NW_CHANNEL_ADDEND];
    n = channels[NW_CHANNEL_SHIFT];
    y[third] = (nw_i8)nw_channel_result(NW_DOUBLED(s.b[2]), m, k, n);
    y[second] = (nw_i8)nw_channel_result(NW_DOUBLED(s.b[1]), m, k, n);
    *y++ = (nw_i8)nw_channel_result(NW_DOUBLED(s.b[0]), m, k, n);
    if (y == last) break;
    channels += NW_CHANNEL_WORDS;
  }
}

void NW_CONV2D(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights, const nw_i32 *channels,
               nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_columns columns = nw_columns_of(p, input, !NW_WIDE_WEIGHTS, scratch);
  nw_i32 const pixels = w->output_h * w->output_w, step = w->backwards ? -1 : 1, c = w->input_c;
  nw_i32 const pixel_by_pixel = NW_DSP_PIXEL_BY_PIXEL(*w), limited = p->min > -128 || p->max < 127;
  nw_i32 at = nw_in_order(w, 0, pixels);
  for (nw_i32 left = pixels; left > 0; left -= NW_COLUMNS, at += NW_COLUMNS * step) {
    /* The last pixel is computed again where there are no three. */
    nw_i32 const second = left > 1 ? step : 0, third = left > 2 ? 2 * step : second;
    nw_places const places = {w->output_c, second * w->output_c, third * w->output_c};
    nw_i8 *const y = output + at * w->output_c;
    if (pixel_by_pixel)
      NW_WEAVE(columns.words, input + at * c, second * c, third * c, c);
    else
      nw_three_columns(&columns, at, second, third);
    NW_PIXELS(columns.words, columns.end, (const nw_u32 *)weights, channels, y, &places);
    for (nw_i32 k = 0; limited && k < NW_COLUMNS; ++k)
      nw_limit_bytes(k == 0 ? y : k == 1 ? y + places.second : y + places.third, w->output_c, 1, p->min, p->max);
  }
}

#undef NW_FOUR
#undef NW_PIXELS
#undef NW_CONV2D
#undef NW_WEAVE
#undef NW_WIDE_WEIGHTS
#undef NW_DOUBLED
