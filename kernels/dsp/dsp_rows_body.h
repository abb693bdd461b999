/* FULLY_CONNECTED by four channels at a time; no include guard. Define first NW_DENSE, the name of the function;
 * NW_FOUR_RESULTS, which computes up to four channels; and as for dsp_three_pixels_body.h NW_IN, NW_OUT, NW_SPREAD,
 * NW_RECORD and NW_LIMIT. All are undefined again at the end. */

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

#undef NW_DENSE
#undef NW_FOUR_RESULTS
#undef NW_IN
#undef NW_OUT
#undef NW_SPREAD
#undef NW_RECORD
#undef NW_LIMIT
