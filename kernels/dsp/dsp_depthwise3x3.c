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

/* Fills `bytes` of the lanes of each of two channels. */
static NW_INLINE void nw_repeat_lanes(nw_i8 *to, nw_i32 apart, nw_i32 value, nw_i32 bytes) {
  if (bytes == 0) return;
  nw_repeat_lane(to, value, bytes / 2);
  nw_repeat_lane(to + apart, value, bytes / 2);
}

/* Two channels at two pixels as lanes, the second channel's `apart` bytes behind the first one's. */
static NW_INLINE void nw_put_pixels(nw_i8 *to, nw_i32 apart, nw_i32 first, nw_i32 second) {
  nw_u32 const pair = nw_word(first, second);
  nw_put_four_bytes(to, nw_even_bytes(pair));
  nw_put_four_bytes(to + apart, nw_odd_bytes(pair));
}

/* Copies lines `first` to `end` of two channels into lanes, whose padding stays. `first` is a line of the image with
 * its padding. */
static NW_NOINLINE void nw_gather(const nw_dsp_depthwise_params *p, const nw_i8 *input, nw_i32 first, nw_i32 end,
                                  nw_i8 *to, nw_i32 apart) {
  nw_i32 const line = 4 * nw_dsp_line_words(p), most = line / 2 - p->pad_pixels, step = p->input_pixel;
  nw_i32 const length = p->length < most ? p->length : most, input_line = p->input_line;
  nw_i32 const after = p->pad_lines + p->lines, inside = end < after ? end : after;
  nw_i32 at = first < p->pad_lines ? p->pad_lines : first;
  nw_i8 *lanes = to + (at - first) * line + 2 * p->pad_pixels;
  input += (at - p->pad_lines) * input_line;
  if (at > end) at = end;
  nw_repeat_lanes(to, apart, p->input_zero_point, (at - first) * line);
  for (; at < inside; ++at, lanes += line, input += input_line) {
    const nw_i8 *from = input;
    nw_i8 *lane = lanes;
    nw_i32 left = length;
    for (; left >= 4; left -= 4, from += 4 * step, lane += 8) {
      nw_put_pixels(lane, apart, nw_two_bytes(from), nw_two_bytes(from + step));
      nw_put_pixels(lane + 4, apart, nw_two_bytes(from + 2 * step), nw_two_bytes(from + 3 * step));
    }
    for (; left > 0; --left, from += step, lane += 2) {
      nw_u32 const pixel = (nw_u32)nw_two_bytes(from);
      nw_put_lane(lane, nw_even_bytes(pixel));
      nw_put_lane(lane + apart, nw_odd_bytes(pixel));
    }
  }
  nw_repeat_lanes(to + (at - first) * line, apart, p->input_zero_point, (end - at) * line);
}

static NW_INLINE void nw_band(const nw_dsp_depthwise_params *p, const nw_u32 *plane, const nw_i32 *weights,
                              const nw_i32 *channel, nw_i32 lines, nw_i8 *to) {
  if (p->stride == 1)
    nw_band_by_one(p, plane, weights, channel, lines, to);
  else
    nw_band_by_two(p, plane, weights, channel, lines, to);
}

void nw_dsp_depthwise3x3_i8(const nw_dsp_depthwise_params *p, const nw_i8 *input, const nw_i32 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch) {
  nw_i32 const words = nw_dsp_line_words(p), stride = p->stride, shared = 3 - stride; /* lines of two bands */
  nw_i32 const apart = ((p->band - 1) * stride + 3) * words;
  nw_u32 *const planes = (nw_u32 *)scratch;
  nw_repeat_lane((nw_i8 *)planes, p->input_zero_point, 4 * apart);
  for (nw_i32 c = 0; c < p->channels; c += 2) {
    /* The last of an odd number is read with the one before, whose results are there already. */
    nw_i32 const alone = c + 1 == p->channels, from = alone ? c - 1 : c;
    nw_i8 *to = output + from;
    nw_i32 have = 0; /* lines that are there from the band before */
    for (nw_i32 y = 0; y < p->output_lines; y += p->band, to += p->band * p->output_line, have = shared) {
      nw_i32 const left = p->output_lines - y, lines = left < p->band ? left : p->band;
      nw_i32 const first = y * stride, kept = p->band * stride * words;
      for (nw_i32 i = 0; i < have * words; ++i) {
        planes[i] = planes[kept + i];
        planes[apart + i] = planes[apart + kept + i];
      }
      nw_gather(p, input + from, first + have, first + (lines - 1) * stride + 3, (nw_i8 *)(planes + have * words),
                4 * apart);
      if (!alone) nw_band(p, planes, weights + 6 * from, channels + from * NW_CHANNEL_WORDS, lines, to);
      nw_band(p, planes + apart, weights + 6 * (from + 1), channels + (from + 1) * NW_CHANNEL_WORDS, lines, to + 1);
    }
  }
  nw_limit_bytes(output, p->output_lines * p->output_length * p->channels, 1, p->min, p->max);
}
