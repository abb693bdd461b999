/* CONV_2D by three output pixels and two channels at a time; no include guard. Define first:
 *   NW_CONV2D, NW_THREE_PIXELS, NW_COLUMN, NW_COLUMNS, NW_PIXEL  names of the functions
 *   NW_COPY(to, from, count)                   of dsp_spread.h
 *   NW_IN, NW_OUT                              elements of images
 *   NW_SPREAD(...), NW_SPREAD_SAME(...), NW_SHARE(...)  of dsp_spread.h
 *   NW_EIGHT(x, weights, sums)                 of dsp_six_sums.h
 *   NW_RECORD                                  words of a channel's record
 *   NW_SCALE, NW_SCALE_OF(record), NW_SCALED(sum, scale)  of dsp_results.h
 *   NW_TO_RANGE(v), NW_TO_POSITIVE(v)          the range of results, and that of 0 and more
 *   NW_LIMIT(at, count, step, min, max)        any other range
 *   NW_HAS_PIXEL_SUM                           whether sums at a pixel begin lower by that of spreading
 * all are undefined again at the end. */

#define NW_SECOND NW_SIX_SECOND
#define NW_STEP NW_SIX_STEP
#include "dsp/dsp_window_body.h"

/* The columns of three pixels beside each other whose windows, one column apart, lie between the image's left and right
 * edge. Elements come in fours, and filters have three columns or more. */
static NW_NOINLINE void NW_COLUMNS(const nw_packed_window_params *p, const NW_IN *input, nw_i32 y0, nw_i32 x0,
                                   nw_u32 *columns, nw_i32 *sums) {
  const nw_window *const w = &p->window;
  nw_i32 const c = w->input_c, tap = c / 4, back = NW_SIX_STEP * tap;
  for (nw_i32 y = y0; y < y0 + w->filter_h; ++y, columns += w->filter_w * back) {
    if (y < 0 || y >= w->input_h) {
      for (nw_i32 k = 0; k < 3; ++k)
        NW_SPREAD_SAME(columns + k, p->input_zero_point, w->filter_w * tap, NW_SIX_SECOND, NW_SIX_STEP, sums + k);
      continue;
    }
    const NW_IN *from = input + (y * w->input_w + x0) * c;
    nw_u32 *to = NW_SHARE(columns, from, tap, back, 0, 0, sums);
    to = NW_SHARE(to, from + c, tap, back, 0, 1, sums);
    to = NW_SHARE(to, from + 2 * c, (w->filter_w - 2) * tap, back, 0, 2, sums);
    from += w->filter_w * c;
    to = NW_SHARE(to, from, tap, back, 1, 2, sums);
    NW_SHARE(to, from + c, tap, back, 2, 2, sums);
  }
  if (w->filter_h * w->filter_w * tap % 2 != 0)
    for (nw_i32 k = 0; k < NW_SIX_STEP; ++k) columns[k] = 0; /* elements come eight at a time */
}

/* The results of all channels at three pixels, whose sums may begin lower by `less`. */
static NW_NOINLINE void NW_THREE_PIXELS(const nw_u32 *columns, const nw_u32 *end, const nw_i32 *less,
                                        const nw_u32 *weights, const nw_i32 *channels, nw_i32 count, nw_i32 positive,
                                        NW_OUT *const *place) {
  NW_OUT *first = place[0], *second = place[1], *third = place[2];
  for (; count > 0; count -= 2, channels += 2 * NW_RECORD) {
    nw_six_sums s;
    const nw_u32 *x = columns;
    s.a = s.c = s.e = channels[0];
    s.b = s.d = s.f = channels[NW_RECORD];
    if (NW_HAS_PIXEL_SUM) {
      s.a -= less[0];
      s.b -= less[0];
      s.c -= less[1];
      s.d -= less[1];
      s.e -= less[2];
      s.f -= less[2];
    }
    do {
      NW_EIGHT(&x, &weights, &s);
    } while (x != end);
    NW_SCALE scale = NW_SCALE_OF(channels);
    s.a = NW_SCALED(s.a, scale);
    s.c = NW_SCALED(s.c, scale);
    s.e = NW_SCALED(s.e, scale);
    scale = NW_SCALE_OF(channels + NW_RECORD);
    s.b = NW_SCALED(s.b, scale);
    s.d = NW_SCALED(s.d, scale);
    s.f = NW_SCALED(s.f, scale);
    if (positive) {
      s.a = NW_TO_POSITIVE(s.a);
      s.b = NW_TO_POSITIVE(s.b);
      s.c = NW_TO_POSITIVE(s.c);
      s.d = NW_TO_POSITIVE(s.d);
      s.e = NW_TO_POSITIVE(s.e);
      s.f = NW_TO_POSITIVE(s.f);
    } else {
      s.a = NW_TO_RANGE(s.a);
      s.b = NW_TO_RANGE(s.b);
      s.c = NW_TO_RANGE(s.c);
      s.d = NW_TO_RANGE(s.d);
      s.e = NW_TO_RANGE(s.e);
      s.f = NW_TO_RANGE(s.f);
    }
    *first++ = (NW_OUT)s.a;
    *second++ = (NW_OUT)s.c;
    *third++ = (NW_OUT)s.e;
    if (count == 1) return;
    *first++ = (NW_OUT)s.b;
    *second++ = (NW_OUT)s.d;
    *third++ = (NW_OUT)s.f;
  }
}

void NW_CONV2D(const nw_packed_window_params *p, const NW_IN *input, const nw_i32 *weights, const nw_i32 *channels,
               NW_OUT *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const fours = (w->filter_h * w->filter_w * w->input_c + 7) / 8 * 2, depth = w->output_c;
  nw_i32 const pixels = w->output_h * w->output_w;
  nw_u32 *const columns = (nw_u32 *)scratch, *const end = columns + NW_SIX_STEP * fours;
  /* Pixels whose windows are the pixels of the input need no search for taps. */
  nw_i32 const same = w->filter_h == 1 && w->filter_w == 1 && w->stride_h == 1 && w->stride_w == 1 && w->pad_top == 0 &&
                      w->pad_left == 0 && w->output_w == w->input_w;
  nw_i32 const shares = w->stride_w == 1 && w->filter_w > 2 && w->input_c % 4 == 0;
  for (nw_i32 i = 0; i < pixels; i += 3) {
    NW_OUT *place[3];
    nw_i32 less[3] = {0, 0, 0};
    /* The last pixel is computed up to three times. */
    nw_i32 const last = nw_in_order(w, i + 2 < pixels ? i + 2 : pixels - 1, pixels), first = nw_in_order(w, i, pixels);
    nw_i32 const left = first < last ? first : last, x = left % w->output_w, x0 = x - w->pad_left;
    if (shares && i + 2 < pixels && x + 2 < w->output_w && x0 >= 0 && x0 + w->filter_w + 2 <= w->input_w) {
      NW_COLUMNS(p, input, left / w->output_w * w->stride_h - w->pad_top, x0, columns, less);
      for (nw_i32 k = 0; k < 3; ++k) place[k] = output + (left + k) * depth;
    } else {
      for (nw_i32 k = 0; k < 3; ++k) {
        nw_i32 const at = nw_in_order(w, i + k < pixels ? i + k : pixels - 1, pixels);
        if (same)
          NW_PIXEL(input + at * w->input_c, w->input_c, columns + k, (NW_IN *)end, less + k);
        else
          NW_COLUMN(p, input, at / w->output_w * w->stride_h - w->pad_top, at % w->output_w * w->stride_w - w->pad_left,
                    columns + k, (NW_IN *)end, less + k);
        place[k] = output + at * depth;
      }
    }
    NW_THREE_PIXELS(columns, end, less, (const nw_u32 *)weights, channels, depth, p->min >= 0, place);
    for (nw_i32 k = 0; k < 3; ++k) NW_LIMIT(place[k], depth, 1, p->min, p->max);
  }
}

#undef NW_CONV2D
#undef NW_THREE_PIXELS
#undef NW_COLUMN
#undef NW_COLUMNS
#undef NW_SHARE
#undef NW_PIXEL
#undef NW_COPY
#undef NW_IN
#undef NW_OUT
#undef NW_SPREAD
#undef NW_SPREAD_SAME
#undef NW_EIGHT
#undef NW_RECORD
#undef NW_SCALE
#undef NW_SCALE_OF
#undef NW_SCALED
#undef NW_TO_RANGE
#undef NW_TO_POSITIVE
#undef NW_LIMIT
#undef NW_HAS_PIXEL_SUM
