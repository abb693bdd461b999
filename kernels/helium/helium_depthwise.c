#include "helium/helium_depthwise.h"

#include "helium/helium_channels.h"
#include "helium/helium_window.h"

void nw_helium_depthwise_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_words const low = nw_same_words(p->min), high = nw_same_words(p->max);
  nw_i32 const depth = w->output_c, step = (depth + 3) / 4 * 4, taps = w->filter_h * w->filter_w;
  nw_i8 *const column = (nw_i8 *)scratch;
  for (nw_i32 i = 0; i < w->output_h; ++i) {
    nw_i32 const y = nw_in_order(w, i, w->output_h);
    nw_window_row const row = nw_windows_of_row(w, y * w->stride_h - w->pad_top);
    for (nw_i32 j = 0; j < w->output_w; ++j) {
      nw_i32 const x = nw_in_order(w, j, w->output_w);
      const nw_i32 *four = channels;
      nw_i8 *const to = output + (y * w->output_w + x) * depth;
      nw_put_window(p, input, &row, x * w->stride_w - w->pad_left, column);
      for (nw_i32 c = 0; c < depth; c += 4) {
        const nw_i8 *at = column + c, *weight = weights + c;
        nw_words sums = nw_next_words(&four);
        for (nw_i32 n = taps; n > 0; --n, at += depth, weight += step)
          sums = nw_sums(sums, nw_products(nw_widened(at), nw_widened(weight)));
        nw_put_first_narrowed(to + c, nw_four_results(sums, &four, low, high), depth - c);
      }
    }
  }
}
