/* The loops of dsp_conv2d.c for one width of weights; no include guard. Define first: NW_PIXELS and NW_CONV2D, the
 * names of the functions, and NW_WIDE_WEIGHTS, 1 where weights are lanes; all are undefined again at the end. */

/* Adds the products of four elements. x and weights are moved behind them. */
static NW_INLINE void NW_FOUR(const nw_u32 **x, const nw_u32 **weights, nw_two_by_two *sums) {
  nw_u32 even, odd, w0, w1;
#if NW_WIDE_WEIGHTS
  nw_u32 w2, w3;
  *weights = nw_two_words(*weights, &w0, &w1);
  *weights = nw_two_words(*weights, &w2, &w3);
  *x = nw_two_words(*x, &even, &odd);
  sums->a = nw_mac_both(w1, odd, nw_mac_both(w0, even, sums->a));
  sums->b = nw_mac_both(w3, odd, nw_mac_both(w2, even, sums->b));
  *x = nw_two_words(*x, &even, &odd);
  sums->c = nw_mac_both(w1, odd, nw_mac_both(w0, even, sums->c));
  sums->d = nw_mac_both(w3, odd, nw_mac_both(w2, even, sums->d));
#else
  nw_u32 even2, odd2, lanes;
  *x = nw_two_words(*x, &even, &odd);
  *x = nw_two_words(*x, &even2, &odd2);
  *weights = nw_two_words(*weights, &w0, &w1);
  lanes = nw_even_bytes(w0);
  sums->a = nw_mac_both(lanes, even, sums->a);
  sums->c = nw_mac_both(lanes, even2, sums->c);
  lanes = nw_odd_bytes(w0);
  sums->a = nw_mac_both(lanes, odd, sums->a);
  sums->c = nw_mac_both(lanes, odd2, sums->c);
  lanes = nw_even_bytes(w1);
  sums->b = nw_mac_both(lanes, even, sums->b);
  sums->d = nw_mac_both(lanes, even2, sums->d);
  lanes = nw_odd_bytes(w1);
  sums->b = nw_mac_both(lanes, odd, sums->b);
  sums->d = nw_mac_both(lanes, odd2, sums->d);
#endif
}

/* The results of all channels at two pixels; `columns` holds their columns, two words of the one and two of the other.
 */
static NW_NOINLINE void NW_PIXELS(const nw_u32 *columns, nw_i32 fours, const nw_u32 *weights, const nw_i32 *channels,
                                  nw_i32 count, nw_i8 *first, nw_i8 *second) {
  const nw_u32 *const end = columns + 4 * fours;
  for (; count > 0; count -= 2, channels += 2 * NW_CHANNEL_WORDS) {
    nw_two_by_two s;
    const nw_u32 *x = columns;
    s.a = s.c = channels[NW_CHANNEL_BEGIN];
    s.b = s.d = channels[NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN];
    do {
      NW_FOUR(&x, &weights, &s);
      NW_FOUR(&x, &weights, &s);
    } while (x != end);
    nw_i32 m = channels[NW_CHANNEL_MULTIPLIER], k = channels[NW_CHANNEL_ADDEND], n = channels[NW_CHANNEL_SHIFT];
    *first++ = (nw_i8)nw_channel_result(s.a, m, k, n);
    *second++ = (nw_i8)nw_channel_result(s.c, m, k, n);
    if (count == 1) return;
    m = channels[NW_CHANNEL_WORDS + NW_CHANNEL_MULTIPLIER];
    k = channels[NW_CHANNEL_WORDS + NW_CHANNEL_ADDEND];
    n = channels[NW_CHANNEL_WORDS + NW_CHANNEL_SHIFT];
    *first++ = (nw_i8)nw_channel_result(s.b, m, k, n);
    *second++ = (nw_i8)nw_channel_result(s.d, m, k, n);
  }
}

void NW_CONV2D(const nw_packed_window_params *p, const nw_i8 *input, const nw_i32 *weights, const nw_i32 *channels,
               nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const fours = (w->filter_h * w->filter_w * w->input_c + 7) / 8 * 2, depth = w->output_c;
  nw_i32 const pixels = w->output_h * w->output_w;
  nw_u32 *const columns = (nw_u32 *)scratch;
  nw_i8 *const bytes = (nw_i8 *)(columns + 4 * fours);
  /* Pixels whose windows are the pixels of the input need no search for taps. */
  nw_i32 const same = w->filter_h == 1 && w->filter_w == 1 && w->stride_h == 1 && w->stride_w == 1 && w->pad_top == 0 &&
                      w->pad_left == 0 && w->input_c % 8 == 0 && w->output_w == w->input_w;
  nw_i8 *place[2];
  for (nw_i32 i = 0; i < pixels; i += 2) {
    for (nw_i32 k = 0; k < 2; ++k) {
      /* The last pixel of an odd number of them is computed twice. */
      nw_i32 const at = nw_in_order(w, i + k < pixels ? i + k : i, pixels);
      if (same)
        nw_spread(columns + 2 * k, input + at * w->input_c, fours, 2);
      else
        nw_column(p, input, at / w->output_w, at % w->output_w, columns + 2 * k, columns + 4 * fours, bytes);
      place[k] = output + at * depth;
    }
    NW_PIXELS(columns, fours, (const nw_u32 *)weights, channels, depth, place[0], place[1]);
    nw_limit_bytes(place[0], depth, 1, p->min, p->max);
    nw_limit_bytes(place[1], depth, 1, p->min, p->max);
  }
}

#undef NW_FOUR
#undef NW_PIXELS
#undef NW_CONV2D
#undef NW_WIDE_WEIGHTS
