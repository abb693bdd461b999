/* The loop of dsp_svdf.c for one width of weights; no include guard. Define first: NW_FILTERS and NW_SVDF, the names of
 * the functions, and NW_WIDE_WEIGHTS, 1 where weights are lanes; all are undefined again at the end. */

/* What the vectors over features give for a row. */
static NW_NOINLINE void NW_FILTERS(const nw_svdf_params *p, const nw_u32 *row, const nw_u32 *end, const nw_i32 *weights,
                                   nw_i16 *values) {
  nw_gate_sums(row, end, (const nw_u32 *)weights, p->state_multiplier, p->state_shift, p->units * p->rank, 0, values,
               NW_WIDE_WEIGHTS);
}

void NW_SVDF(const nw_svdf_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i16 *time, const nw_i32 *bias,
             nw_i16 *state, nw_i8 *out, void *scratch) {
  nw_u32 *const row = (nw_u32 *)scratch, *const end = row + (p->input_c + 7) / 8 * 4;
  nw_i16 *const values = (nw_i16 *)end;
  for (nw_i32 b = 0; b < p->batch; ++b, x += p->input_c, out += p->units) {
    nw_gate_row(row, end, x, p->input_c, !NW_WIDE_WEIGHTS);
    NW_FILTERS(p, row, end, weights, values);
    nw_svdf_units(p, values, time, bias, state, out);
    if (state) state += p->units * p->rank * p->memory;
  }
}

#undef NW_FILTERS
#undef NW_SVDF
#undef NW_WIDE_WEIGHTS
