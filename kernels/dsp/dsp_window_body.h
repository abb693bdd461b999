/* The columns of pixels for CONV_2D: what a filter is multiplied with, as dsp_spread.h has it; no include guard. Define
 * first NW_COLUMN and NW_PIXEL, names of the functions, NW_IN, elements of images, NW_COPY, NW_SPREAD and
 * NW_SPREAD_SAME, of dsp_spread.h, and NW_SECOND and NW_STEP, what these are called with. NW_SECOND and NW_STEP are
 * undefined again at the end. */

/* Writes the column of an output pixel whose window begins at (y0, x0); `line` holds it for a while where rows of taps
 * are no fours. */
static NW_NOINLINE void NW_COLUMN(const nw_packed_window_params *p, const NW_IN *input, nw_i32 y0, nw_i32 x0,
                                  nw_u32 *column, NW_IN *line, nw_i32 *sum) {
  const nw_window *const w = &p->window;
  nw_i32 const c = w->input_c, zero = p->input_zero_point, in_fours = c % 4 == 0;
  nw_i32 const all = w->filter_w * c, row = w->input_w * c, height = w->filter_h;
  /* Of a row of taps: elements before the image, and inside. */
  nw_i32 const first = x0 < 0 ? nw_clamp(-x0 * c, 0, all) : 0;
  nw_i32 const inside = nw_clamp(row - x0 * c, first, all) - first;
  nw_i32 const fours = (height * all + 3) / 4;
  nw_i32 at = y0 * row + x0 * c + first;
  NW_IN *to = line;
  if (!in_fours && inside == all && y0 >= 0 && y0 + height <= w->input_h) {
    const NW_IN *from = input + at;
    for (nw_i32 y = height; y > 0; --y, from += row) to = NW_COPY(to, from, all);
  } else {
    for (nw_i32 y = y0; y < y0 + height; ++y, at += row) {
      nw_i32 const hit = y >= 0 && y < w->input_h ? inside : 0, before = hit > 0 ? first : all;
      nw_i32 const behind = all - before - hit;
      const NW_IN *const from = hit > 0 ? input + at : input;
      if (in_fours) {
        if (before > 0) column = NW_SPREAD_SAME(column, zero, before / 4, NW_SECOND, NW_STEP, sum);
        column = NW_SPREAD(column, from, hit / 4, NW_SECOND, NW_STEP, sum);
        if (behind > 0) column = NW_SPREAD_SAME(column, zero, behind / 4, NW_SECOND, NW_STEP, sum);
      } else {
        for (nw_i32 i = before; i > 0; --i) *to++ = (NW_IN)zero;
        to = NW_COPY(to, from, hit);
        for (nw_i32 i = behind; i > 0; --i) *to++ = (NW_IN)zero;
      }
    }
  }
  if (!in_fours) {
    for (nw_i32 i = height * all; i % 4 != 0; ++i) *to++ = 0;
    column = NW_SPREAD(column, line, fours, NW_SECOND, NW_STEP, sum);
  }
  if (fours % 2 != 0) column[0] = column[NW_SECOND] = 0; /* elements come eight at a time */
}

/* The same where windows are the pixels of the input. */
static NW_INLINE void NW_PIXEL(const NW_IN *from, nw_i32 count, nw_u32 *column, NW_IN *line, nw_i32 *sum) {
  nw_i32 const rest = count % 4;
  column = NW_SPREAD(column, from, count / 4, NW_SECOND, NW_STEP, sum);
  if (rest > 0) {
    NW_COPY(line, from + count - rest, rest);
    for (nw_i32 i = rest; i < 4; ++i) line[i] = 0;
    column = NW_SPREAD(column, line, 1, NW_SECOND, NW_STEP, sum);
  }
  if ((count + 3) / 4 % 2 != 0) column[0] = column[NW_SECOND] = 0;
}

#undef NW_SECOND
#undef NW_STEP
