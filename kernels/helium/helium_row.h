/* The results of all output channels at one pixel, or of one row: what CONV_2D and FULLY_CONNECTED share. */
#ifndef NARROW_HELIUM_ROW_H
#define NARROW_HELIUM_ROW_H

#include "helium/helium_channels.h"

/* `row`: 16 elements for each of `vectors`, multiplied with zeros where the filters are shorter. `weights`: for each
 * four channels and each vector, that of each channel. `channels`:
 * helium_channels.h. */
static NW_NOINLINE void nw_row_results(const nw_i8 *row, nw_i32 vectors, const nw_i8 *weights, const nw_i32 *channels,
                                       nw_i32 count, nw_i32 min, nw_i32 max, nw_i8 *output) {
  nw_words const low = nw_same_words(min), high = nw_same_words(max);
  for (; count > 0; count -= 4, output += 4) {
    const nw_i8 *x = row;
    nw_i32 a = channels[0], b = channels[1], c = channels[2], d = channels[3], left = vectors;
    channels += 4;
    do {
      nw_bytes const v = nw_next_bytes(&x);
      a = nw_dot_more(a, v, nw_next_bytes(&weights));
      b = nw_dot_more(b, v, nw_next_bytes(&weights));
      c = nw_dot_more(c, v, nw_next_bytes(&weights));
      d = nw_dot_more(d, v, nw_next_bytes(&weights));
    } while (--left != 0);
    nw_words const results = nw_four_results(nw_four_words(a, b, c, d), &channels, low, high);
    if (count >= 4)
      nw_put_narrowed(output, results);
    else
      nw_put_first_narrowed(output, results, count);
  }
}

#endif
