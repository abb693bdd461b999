/* FULLY_CONNECTED by four channels at a time; no include guard. Define first NW_DENSE and NW_FOUR_RESULTS, names of the
 * functions; NW_FOUR(x, weights, sums), of dsp_four_sums.h; and as for dsp_three_pixels_body.h NW_IN, NW_OUT,
 * NW_SPREAD, NW_RECORD, NW_SCALE, NW_SCALE_OF, NW_SCALED, NW_TO_RANGE, NW_TO_POSITIVE and NW_LIMIT. All are undefined
 * again at the end. */

#define NW_RESULT(sum, k)                                                                   \
  (NW_OUT)(positive ? NW_TO_POSITIVE(NW_SCALED(sum, NW_SCALE_OF(channels + (k)*NW_RECORD))) \
                    : NW_TO_RANGE(NW_SCALED(sum, NW_SCALE_OF(channels + (k)*NW_RECORD))))

/* The results of up to four channels, whose sums begin lower by `less`; their weights end where the returned ones
 * begin.
 */
static NW_NOINLINE const nw_u32 *NW_FOUR_RESULTS(const nw_u32 *row, const nw_u32 *end, nw_i32 less,
                                                 const nw_u32 *weights, const nw_i32 *channels, nw_i32 count,
                                                 nw_i32 positive, NW_OUT *output) {
  nw_four_channels s;
  s.a = channels[0] - less;
  s.b = channels[NW_RECORD] - less;
  s.c = channels[2 * NW_RECORD] - less;
  s.d = channels[3 * NW_RECORD] - less;
  do {
    NW_FOUR(&row, &weights, &s);
    NW_FOUR(&row, &weights, &s);
  } while (row != end);
  output[0] = NW_RESULT(s.a, 0);
  if (count > 1) output[1] = NW_RESULT(s.b, 1);
  if (count > 2) output[2] = NW_RESULT(s.c, 2);
  if (count > 3) output[3] = NW_RESULT(s.d, 3);
  return weights;
}

void NW_DENSE(const nw_dsp_rows_params *p, const NW_IN *input, const nw_i32 *weights, const nw_i32 *channels,
              NW_OUT *output, void *scratch) {
  nw_i32 const fours = (p->input_c + 7) / 8 * 2, whole = p->input_c / 4;
  nw_u32 *const row = (nw_u32 *)scratch, *const end = row + NW_ROW_STEP * fours;
  NW_IN *const last = (NW_IN *)end;
  for (nw_i32 r = 0; r < p->rows; ++r, input += p->input_c, output += p->output_c) {
    const nw_u32 *w = (const nw_u32 *)weights;
    nw_i32 less = 0;
    nw_u32 *to = NW_SPREAD(row, input, whole, NW_ROW_SECOND, NW_ROW_STEP, &less);
    if (p->input_c % 4 != 0) {
      for (nw_i32 i = 0; i < 4; ++i) last[i] = 4 * whole + i < p->input_c ? input[4 * whole + i] : (NW_IN)0;
      to = NW_SPREAD(to, last, 1, NW_ROW_SECOND, NW_ROW_STEP, &less);
    }
    if (to < end) to[0] = to[NW_ROW_SECOND] = 0; /* elements come eight at a time */
    for (nw_i32 o = 0; o < p->output_c; o += 4)
      w = NW_FOUR_RESULTS(row, end, less, w, channels + o * NW_RECORD, p->output_c - o, p->min >= 0, output + o);
    NW_LIMIT(output, p->output_c, 1, p->min, p->max);
  }
}

#undef NW_RESULT
#undef NW_DENSE
#undef NW_FOUR_RESULTS
#undef NW_FOUR
#undef NW_IN
#undef NW_OUT
#undef NW_SPREAD
#undef NW_RECORD
#undef NW_SCALE
#undef NW_SCALE_OF
#undef NW_SCALED
#undef NW_TO_RANGE
#undef NW_TO_POSITIVE
#undef NW_LIMIT
