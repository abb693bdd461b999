#include "helium/helium_depthwise.h"

#include "helium/helium_channels.h"
#include "helium/helium_taps.h"

/* The sums of products of up to four channels with the taps of the window at row y0 and column x0: taps outside of the
 * image are padding. */
static NW_INLINE nw_words nw_four_sums(const nw_helium_window_params *p, const nw_i8 *input, nw_i32 y0, nw_i32 x0,
                                       const nw_i8 *weights, nw_i32 count) {
  const nw_window *const w = &p->window;
  nw_i32 const step = (w->output_c + 3) / 4 * 4, c = w->input_c;
  nw_words const zero = nw_same_words(p->input_zero_point);
  nw_words sums = nw_same_words(0);
  for (nw_i32 i = 0; i < w->filter_h; ++i) {
    nw_tap_row const row = nw_taps_of_row(w, input, y0 + i, x0);
    const nw_i8 *from = row.from;
    nw_i32 j = 0;
    for (; j < row.begin; ++j, weights += step) sums = nw_sums(sums, nw_products(zero, nw_widened(weights)));
    for (; j < row.end; ++j, weights += step, from += c)
      sums = nw_sums(sums, nw_products(nw_first_widened(from, count), nw_widened(weights)));
    for (; j < w->filter_w; ++j, weights += step) sums = nw_sums(sums, nw_products(zero, nw_widened(weights)));
  }
  return sums;
}

void nw_helium_depthwise_i8(const nw_helium_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_words const low = nw_same_words(p->min), high = nw_same_words(p->max);
  (void)scratch;
  for (nw_i32 i = 0; i < w->output_h; ++i) {
    nw_i32 const y = nw_in_order(w, i, w->output_h);
    for (nw_i32 j = 0; j < w->output_w; ++j) {
      nw_i32 const x = nw_in_order(w, j, w->output_w);
      const nw_i32 *four = channels;
      nw_i8 *to = output + (y * w->output_w + x) * w->output_c;
      for (nw_i32 c = 0; c < w->output_c; c += 4) {
        nw_i32 const count = w->output_c - c;
        nw_words const sums =
            nw_four_sums(p, input + c, y * w->stride_h - w->pad_top, x * w->stride_w - w->pad_left, weights + c, count);
        nw_words const all = nw_sums(sums, nw_next_words(&four));
        nw_put_first_narrowed(to + c, nw_four_results(all, &four, low, high), count);
      }
    }
  }
}
