/* FULLY_CONNECTED of int8 for processors with the DSP extension: four output channels at a time.
 *
 * Results are those of nw_fully_connected_i8_double with weights of zero point 0.
 * weights: for each four output channels and each four elements w0 to w3 of a row
 *   nw_dsp_fully_connected_i8:      a word for each channel, of lanes 256 w1 + w0 and 256 w3 + w2, which have to fit
 *                                   16 bits;
 *   nw_dsp_fully_connected_i8_wide: a word for each channel, of lanes 2 w0 and 2 w2, and then one for each of 2 w1 and
 *                                   2 w3.
 * Rows end in zeros where their elements are no multiple of eight, and the last four channels in some of zeros.
 * channels: dsp_channel.h, one for each output channel and for those of zeros; sums are those of folded weights, or
 * doubled ones.
 * scratch: NW_DSP_FULLY_CONNECTED_SCRATCH(input_c) bytes, aligned to a word.
 * The output may lie over the input as that of nw_fully_connected_i8_double may. */
#ifndef NARROW_DSP_FULLY_CONNECTED_H
#define NARROW_DSP_FULLY_CONNECTED_H

#include "nw_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  nw_i32 rows, input_c, output_c; /* rows of input_c elements become rows of output_c elements */
  nw_i32 min, max;                /* of results: a fused activation */
} nw_dsp_dense_params;

/* A row in lanes. */
#define NW_DSP_FULLY_CONNECTED_SCRATCH(elements) (2 * (((elements) + 7) / 8 * 8))

void nw_dsp_fully_connected_i8(const nw_dsp_dense_params *p, const nw_i8 *input, const nw_i32 *weights,
                               const nw_i32 *channels, nw_i8 *output, void *scratch);
void nw_dsp_fully_connected_i8_wide(const nw_dsp_dense_params *p, const nw_i8 *input, const nw_i32 *weights,
                                    const nw_i32 *channels, nw_i8 *output, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
