/* The loops of dsp_fully_connected.c for one width of weights; no include guard. Define first: NW_CHANNELS and
 * NW_FULLY_CONNECTED, the names of the functions, NW_FOUR, that of dsp_four_of_row.h, and NW_WIDE_WEIGHTS, 1 where
 * weights are lanes; all are undefined again at the end. */

#if NW_WIDE_WEIGHTS
#define NW_DOUBLED(sum) (sum)
#else
#define NW_DOUBLED(sum) nw_doubled_of_folded(sum)
#endif

/* The results of up to four channels; their weights end where the returned ones begin. */
static NW_NOINLINE const nw_u32 *NW_CHANNELS(const nw_u32 *row, const nw_u32 *end, const nw_u32 *weights,
                                             const nw_i32 *channels, nw_i32 count, nw_i8 *output) {
  const nw_i32 *const second = channels + NW_CHANNEL_WORDS, *const third = second + NW_CHANNEL_WORDS,
                      *const fourth = third + NW_CHANNEL_WORDS;
  nw_four_sums s;
  s.a = channels[NW_CHANNEL_BEGIN];
  s.b = second[NW_CHANNEL_BEGIN];
  s.c = third[NW_CHANNEL_BEGIN];
  s.d = fourth[NW_CHANNEL_BEGIN];
  do {
    NW_FOUR(&row, &weights, &s);
    NW_FOUR(&row, &weights, &s);
  } while (row != end);
  output[0] = (nw_i8)nw_result_of(NW_DOUBLED(s.a), channels);
  if (count > 1) output[1] = (nw_i8)nw_result_of(NW_DOUBLED(s.b), second);
  if (count > 2) output[2] = (nw_i8)nw_result_of(NW_DOUBLED(s.c), third);
  if (count > 3) output[3] = (nw_i8)nw_result_of(NW_DOUBLED(s.d), fourth);
  return weights;
}

void NW_FULLY_CONNECTED(const nw_dsp_dense_params *p, const nw_i8 *input, const nw_i32 *weights, const nw_i32 *channels,
                        nw_i8 *output, void *scratch) {
  nw_u32 *const row = (nw_u32 *)scratch, *const end = row + (p->input_c + 7) / 8 * 4;
  for (nw_i32 r = 0; r < p->rows; ++r, input += p->input_c, output += p->output_c) {
    const nw_u32 *w = (const nw_u32 *)weights;
    for (nw_u32 *z = nw_spread_row(row, input, p->input_c, !NW_WIDE_WEIGHTS); z < end; ++z) *z = 0;
    for (nw_i32 o = 0; o < p->output_c; o += NW_AT_ONCE)
      w = NW_CHANNELS(row, end, w, channels + o * NW_CHANNEL_WORDS, p->output_c - o, output + o);
    nw_limit_bytes(output, p->output_c, 1, p->min, p->max);
  }
}

#undef NW_FOUR
#undef NW_CHANNELS
#undef NW_FULLY_CONNECTED
#undef NW_WIDE_WEIGHTS
#undef NW_DOUBLED
