#include "dsp/dsp_fully_connected.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"

enum { NW_AT_ONCE = 4 };

/* Adds up the products of a row with the filters of four channels. */
static NW_NOINLINE const nw_u32 *nw_four_sums(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights,
                                              const nw_i32 *channels, nw_i32 *sums) {
  nw_i32 a = channels[NW_CHANNEL_BEGIN], b = channels[NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN];
  nw_i32 c = channels[2 * NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN], d = channels[3 * NW_CHANNEL_WORDS + NW_CHANNEL_BEGIN];
  do {
    nw_u32 even, odd, v, w;
    row = nw_two_words(row, &even, &odd);
    weights = nw_two_words(weights, &v, &w);
    a = nw_mac_both(nw_even_bytes(v), even, a);
    a = nw_mac_both(nw_odd_bytes(v), odd, a);
    b = nw_mac_both(nw_even_bytes(w), even, b);
    b = nw_mac_both(nw_odd_bytes(w), odd, b);
    weights = nw_two_words(weights, &v, &w);
    c = nw_mac_both(nw_even_bytes(v), even, c);
    c = nw_mac_both(nw_odd_bytes(v), odd, c);
    d = nw_mac_both(nw_even_bytes(w), even, d);
    d = nw_mac_both(nw_odd_bytes(w), odd, d);
  } while (row != end);
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
  return weights;
}

void nw_dsp_fully_connected_i8(const nw_dsp_dense_params *p, const nw_i8 *input, const nw_i32 *weights,
                               const nw_i32 *channels, nw_i8 *output, void *scratch) {
  nw_i32 const fours = (p->input_c + 3) / 4;
  nw_u32 *const row = (nw_u32 *)scratch;
  nw_i8 *const bytes = (nw_i8 *)(row + 2 * fours);
  for (nw_i32 r = 0; r < p->rows; ++r, input += p->input_c, output += p->output_c) {
    const nw_u32 *w = (const nw_u32 *)weights;
    const nw_i32 *channel = channels;
    if (p->input_c % 4 == 0) {
      nw_spread(row, input, fours, 0);
    } else {
      nw_repeat_byte(nw_copy_bytes(bytes, input, p->input_c), 0, 4 * fours - p->input_c);
      nw_spread(row, bytes, fours, 0);
    }
    for (nw_i32 o = 0; o < p->output_c; o += NW_AT_ONCE) {
      nw_i32 sums[NW_AT_ONCE];
      w = nw_four_sums(row, row + 2 * fours, w, channel, sums);
      for (nw_i32 i = 0; i < NW_AT_ONCE; ++i, channel += NW_CHANNEL_WORDS)
        if (o + i < p->output_c)
          output[o + i] = (nw_i8)nw_channel_result(sums[i], channel[NW_CHANNEL_MULTIPLIER], channel[NW_CHANNEL_ADDEND],
                                                   channel[NW_CHANNEL_SHIFT]);
    }
    nw_limit_bytes(output, p->output_c, 1, p->min, p->max);
  }
}
