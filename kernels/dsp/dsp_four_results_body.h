/* The results of up to four channels of FULLY_CONNECTED; no include guard. Define first NW_FOUR_RESULTS, the name of
 * the function; NW_FOUR(x, weights, sums), of dsp_four_sums.h; and as for dsp_three_pixels_body.h NW_OUT, NW_RECORD,
 * NW_SCALE, NW_SCALE_OF, NW_SCALED, NW_TO_RANGE and NW_TO_POSITIVE. All but the first, NW_OUT and NW_RECORD are
 * undefined again at the end. */

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

#undef NW_RESULT
#undef NW_FOUR
#undef NW_SCALE
#undef NW_SCALE_OF
#undef NW_SCALED
#undef NW_TO_RANGE
#undef NW_TO_POSITIVE
