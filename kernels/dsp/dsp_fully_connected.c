#include "dsp/dsp_fully_connected.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"

enum { NW_AT_ONCE = 4 };

/* Sums of four channels. */
typedef struct {
  nw_i32 a, b, c, d;
} nw_four_sums;

/* Adds the products of four elements with the filters of four channels. row and weights are moved behind them. */
static NW_INLINE void nw_four_of_row(const nw_u32 **row, const nw_u32 **weights, nw_four_sums *s) {
  nw_u32 even, odd, v, w;
  *row = nw_two_words(*row, &even, &odd);
  *weights = nw_two_words(*weights, &v, &w);
  s->a = nw_mac_both(nw_odd_bytes(v), odd, nw_mac_both(nw_even_bytes(v), even, s->a));
  s->b = nw_mac_both(nw_odd_bytes(w), odd, nw_mac_both(nw_even_bytes(w), even, s->b));
  *weights = nw_two_words(*weights, &v, &w);
  s->c = nw_mac_both(nw_odd_bytes(v), odd, nw_mac_both(nw_even_bytes(v), even, s->c));
  s->d = nw_mac_both(nw_odd_bytes(w), odd, nw_mac_both(nw_even_bytes(w), even, s->d));
}

static NW_INLINE nw_i32 nw_result_of(nw_i32 sum, const nw_i32 *channel) {
  return nw_channel_result(sum, channel[NW_CHANNEL_MULTIPLIER], channel[NW_CHANNEL_ADDEND], channel[NW_CHANNEL_SHIFT]);
}

/* The results of up to four channels; their weights end where the returned ones begin. */
static NW_NOINLINE const nw_u32 *nw_four_channels(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights,
                                                  const nw_i32 *channels, nw_i32 count, nw_i8 *output) {
  const nw_i32 *const second = channels + NW_CHANNEL_WORDS, *const third = second + NW_CHANNEL_WORDS,
                      *const fourth = third + NW_CHANNEL_WORDS;
  nw_four_sums s;
  s.a = channels[NW_CHANNEL_BEGIN];
  s.b = second[NW_CHANNEL_BEGIN];
  s.c = third[NW_CHANNEL_BEGIN];
  s.d = fourth[NW_CHANNEL_BEGIN];
  do {
    nw_four_of_row(&row, &weights, &s);
    nw_four_of_row(&row, &weights, &s);
  } while (row != end);
  output[0] = (nw_i8)nw_result_of(s.a, channels);
  if (count > 1) output[1] = (nw_i8)nw_result_of(s.b, second);
  if (count > 2) output[2] = (nw_i8)nw_result_of(s.c, third);
  if (count > 3) output[3] = (nw_i8)nw_result_of(s.d, fourth);
  return weights;
}

void nw_dsp_fully_connected_i8(const nw_dsp_dense_params *p, const nw_i8 *input, const nw_i32 *weights,
                               const nw_i32 *channels, nw_i8 *output, void *scratch) {
  nw_i32 const fours = (p->input_c + 7) / 8 * 2;
  nw_u32 *const row = (nw_u32 *)scratch;
  nw_i8 *const bytes = (nw_i8 *)(row + 2 * fours);
  for (nw_i32 r = 0; r < p->rows; ++r, input += p->input_c, output += p->output_c) {
    const nw_u32 *w = (const nw_u32 *)weights;
    const nw_i8 *from = input;
    if (p->input_c % 8 != 0) {
      nw_repeat_byte(nw_copy_bytes(bytes, input, p->input_c), 0, 4 * fours - p->input_c);
      from = bytes;
    }
    nw_spread(row, from, fours, 0);
    for (nw_i32 o = 0; o < p->output_c; o += NW_AT_ONCE)
      w = nw_four_channels(row, row + 2 * fours, w, channels + o * NW_CHANNEL_WORDS, p->output_c - o, output + o);
    nw_limit_bytes(output, p->output_c, 1, p->min, p->max);
  }
}
