/* DEPTHWISE_CONV_2D of int8 with 3x3 filters for processors with the DSP extension: two channels after two, and two
 * output pixels of one at a time.
 *
 * One output channel for each input channel, and two of them at least; batches and dilations are 1, strides 1 or 2 and
 * the same in both directions. Results are those of nw_depthwise_conv2d_i8_double. An image is lines of pixels: rows,
 * or columns where those are longer. weights: for each channel and line of its filter a word of two 16-bit lanes, of
 * the doubled taps 0 and 1, and one of the doubled taps 1 and 2. channels: dsp_channel.h, one for each channel,
 * doubled. scratch: nw_dsp_depthwise3x3_scratch bytes, aligned to a word: as many lines of a channel as a band of
 * results needs, of two channels. The output may begin where the input does, if it has no more pixels: where `band` is
 * not all lines, lines have to be rows, and those of the output no longer than those of the input. */
#ifndef NARROW_DSP_DEPTHWISE3X3_H
#define NARROW_DSP_DEPTHWISE3X3_H

#include "nw_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_i32 lines, length;           /* of an image of the input */
  nw_i32 input_line, input_pixel; /* elements from one line to the next, and from one pixel of it to the next */
  nw_i32 output_lines, output_length;
  nw_i32 output_line, output_pixel;
  nw_i32 channels, stride;
  nw_i32 pad_lines, pad_pixels; /* before the first line and the first pixel of a line; at most 2 */
  nw_i32 band;                  /* lines of the output that are computed before more of the input is read */
  nw_i32 input_zero_point;      /* what padding holds */
  nw_i32 min, max;              /* of results: a fused activation */
} nw_dsp_depthwise_params;

/* Words of two pixels in a line with its padding: two results need three, or four with a stride of 2. */
static inline nw_i32 nw_dsp_line_words(const nw_dsp_depthwise_params *p) {
  return (p->output_length + 1) / 2 * p->stride + 1;
}

static inline nw_i64 nw_dsp_depthwise3x3_scratch(const nw_dsp_depthwise_params *p) {
  return (nw_i64)2 * 4 * ((nw_i64)(p->band - 1) * p->stride + 3) * nw_dsp_line_words(p);
}

void nw_dsp_depthwise3x3_i8(const nw_dsp_depthwise_params *p, const nw_i8 *input, const nw_i32 *weights,
                            const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
