#include "dsp/dsp_depthwise3x3.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"

/* Adds the products of a line of the filter for two pixels whose windows begin at `at`, one pixel apart. Returns where
 * those of the next two begin. */
static NW_INLINE const nw_u32 *nw_two_by_one(const nw_u32 *at, nw_u32 taps01, nw_u32 taps12, nw_i32 *first,
                                             nw_i32 *second) {
  nw_u32 x01, x23;
  at = nw_two_words_by_one(at, &x01, &x23);
  *first = nw_mac_under(x23, taps12, nw_mac_both(x01, taps01, *first));
  *second = nw_mac_both(x23, taps12, nw_mac_cross(x01, taps01, *second));
  return at;
}

/* The same with windows two pixels apart. */
static NW_INLINE const nw_u32 *nw_two_by_two(const nw_u32 *at, nw_u32 taps01, nw_u32 taps12, nw_i32 *first,
                                             nw_i32 *second) {
  nw_u32 x01, x23;
  at = nw_two_words(at, &x01, &x23);
  *first = nw_mac_under(x23, taps12, nw_mac_both(x01, taps01, *first));
  *second = nw_mac_under(*at, taps12, nw_mac_both(x23, taps01, *second));
  return at;
}

#define NW_TWO nw_two_by_one
#define NW_BAND nw_band_by_one
#include "dsp/dsp_depthwise3x3_body.h"

#define NW_TWO nw_two_by_two
#define NW_BAND nw_band_by_two
#include "dsp/dsp_depthwise3x3_body.h"

/* Copies lines `first` to `end` of a channel into lanes, whose padding stays; `first` is a line of the image with its
 * padding. */
static NW_NOINLINE void nw_gather(const nw_dsp_depthwise_params *p, const nw_i8 *input, nw_i32 first, nw_i32 end,
                                  nw_i8 *to) {
  nw_i32 const step = p->input_pixel, line = 4 * nw_dsp_line_words(p), most = line / 2 - p->pad_pixels;
  nw_i32 const length = p->length < most ? p->length : most;
  to += 2 * p->pad_pixels;
  for (nw_i32 y = first - p->pad_lines; y < end - p->pad_lines; ++y, to += line) {
    const nw_i8 *from = input + y * p->input_line;
    nw_i8 *lane = to;
    nw_i32 left = length;
    if (y < 0 || y >= p->lines) {
      nw_repeat_lane(lane, p->input_zero_point, length / 2 * 2);
      if (length % 2 != 0) nw_put_lane(lane + 2 * (length - 1), p->input_zero_point);
      continue;
    }
    for (; left >= 4; left -= 4, from += 4 * step, lane += 8) {
      nw_put_four_bytes(lane, nw_word(from[0], from[step]));
      nw_put_four_bytes(lane + 4, nw_word(from[2 * step], from[3 * step]));
    }
    for (; left > 0; --left, from += step, lane += 2) nw_put_lane(lane, *from);
  }
}

void nw_dsp_depthwise3x3_i8(const nw_dsp_depthwise_params *p, const nw_i8 *input, const nw_i32 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch) {
  nw_i32 const words = nw_dsp_line_words(p), stride = p->stride, rows = (p->band - 1) * stride + 3;
  nw_i32 const shared = 3 - stride; /* lines of two bands */
  nw_u32 *const plane = (nw_u32 *)scratch;
  nw_repeat_lane((nw_i8 *)plane, p->input_zero_point, 2 * rows * words);
  for (nw_i32 c = 0; c < p->channels; ++c, weights += 6, channels += NW_CHANNEL_WORDS, ++input) {
    nw_i8 *to = output + c;
    nw_i32 have = 0; /* lines that are there from the band before */
    for (nw_i32 y = 0; y < p->output_lines; y += p->band, to += p->band * p->output_line, have = shared) {
      nw_i32 const left = p->output_lines - y, lines = left < p->band ? left : p->band;
      nw_i32 const first = y * stride;
      for (nw_i32 i = 0; i < have * words; ++i) plane[i] = plane[p->band * stride * words + i];
      nw_gather(p, input, first + have, first + (lines - 1) * stride + 3, (nw_i8 *)(plane + have * words));
      if (stride == 1)
        nw_band_by_one(p, plane, weights, channels, lines, to);
      else
        nw_band_by_two(p, plane, weights, channels, lines, to);
    }
  }
  nw_limit_bytes(output, p->output_lines * p->output_length * p->channels, 1, p->min, p->max);
}
