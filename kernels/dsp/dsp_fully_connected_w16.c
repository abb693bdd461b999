#include "dsp/dsp_fully_connected_w16.h"

#include "dsp/dsp_four_sums.h"
#include "dsp/dsp_wide_sums.h"

/* Adds the products of two elements with the filters of four channels; weights are moved behind them. */
static NW_INLINE void nw_word_by_four(nw_u32 x, const nw_u32 **weights, nw_wide_sum *a, nw_wide_sum *b, nw_wide_sum *c,
                                      nw_wide_sum *d) {
  nw_u32 v, w;
  *weights = nw_two_words(*weights, &v, &w);
  nw_add_wide(a, v, x);
  nw_add_wide(b, w, x);
  *weights = nw_two_words(*weights, &v, &w);
  nw_add_wide(c, v, x);
  nw_add_wide(d, w, x);
}

/* The results of up to four channels; their weights end where the returned ones begin. */
static NW_NOINLINE const nw_u32 *nw_four_results_w16(const nw_u32 *row, const nw_u32 *end, nw_i32 less,
                                                     const nw_u32 *weights, const nw_i32 *channels, nw_i32 count,
                                                     nw_i32 positive, nw_i16 *output) {
  (void)less;
  (void)positive;
  nw_wide_sum a = nw_wide_begin(channels), b = nw_wide_begin(channels + NW_WIDE_WORDS);
  nw_wide_sum c = nw_wide_begin(channels + 2 * NW_WIDE_WORDS), d = nw_wide_begin(channels + 3 * NW_WIDE_WORDS);
  do {
    nw_u32 p, q;
    row = nw_two_words(row, &p, &q);
    nw_word_by_four(p, &weights, &a, &b, &c, &d);
    nw_word_by_four(q, &weights, &a, &b, &c, &d);
  } while (row != end);
  output[0] = (nw_i16)nw_to_halfword(nw_wide_scaled(a, channels));
  if (count > 1) output[1] = (nw_i16)nw_to_halfword(nw_wide_scaled(b, channels + NW_WIDE_WORDS));
  if (count > 2) output[2] = (nw_i16)nw_to_halfword(nw_wide_scaled(c, channels + 2 * NW_WIDE_WORDS));
  if (count > 3) output[3] = (nw_i16)nw_to_halfword(nw_wide_scaled(d, channels + 3 * NW_WIDE_WORDS));
  return weights;
}

/* Limits results to a fused activation that is narrower than 16 bits; four sums of 64 bits leave no register for it in
 * their loop. */
static NW_INLINE void nw_limit_row(nw_i16 *at, nw_i32 count, nw_i32 step, nw_i32 min, nw_i32 max) {
  if (min <= -32768 && max >= 32767) return;
  for (; count > 0; --count, at += step) *at = (nw_i16)nw_clamp(*at, min, max);
}

#define NW_DENSE nw_dsp_fully_connected_w16
#define NW_FOUR_RESULTS nw_four_results_w16
#define NW_IN nw_i16
#define NW_OUT nw_i16
#define NW_SPREAD nw_spread_halfwords
#define NW_RECORD NW_WIDE_WORDS
#define NW_LIMIT nw_limit_row
#include "dsp/dsp_rows_body.h"
