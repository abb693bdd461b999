/* SVDF of int8 for processors with the DSP extension: four filters at a time, and two elements of the state.
 *
 * Results are those of nw_svdf_i8. The state's shift is in [-22, 7]. weights: of each four filters (the last ones
 * padded with zeros) the words of dsp_gate.h, of which sums begin at the feature biases of nw_svdf_i8; they are 256
 * times (nw_dsp_svdf_i8, folded weights), or twice (nw_dsp_svdf_i8_wide) what they are there, which has less than 24
 * and 30 bits, shifted to the left by a shift above 0 less than 30. time, bias, state, out: as for nw_svdf_i8. scratch:
 * NW_DSP_SVDF_SCRATCH(input_c, filters) bytes, filters = units * rank, aligned to a word. */
#ifndef NARROW_DSP_SVDF_H
#define NARROW_DSP_SVDF_H

#include "portable/recurrent/svdf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Data in lanes, and a number of each of whole fours of filters. */
#define NW_DSP_SVDF_SCRATCH(input_c, filters) (2 * (((input_c) + 7) / 8 * 8 + ((filters) + 3) / 4 * 4))

void nw_dsp_svdf_i8(const nw_svdf_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i16 *time,
                    const nw_i32 *bias, nw_i16 *state, nw_i8 *out, void *scratch);
void nw_dsp_svdf_i8_wide(const nw_svdf_params *p, const nw_i8 *x, const nw_i32 *weights, const nw_i16 *time,
                         const nw_i32 *bias, nw_i16 *state, nw_i8 *out, void *scratch);

#ifdef __cplusplus
}
#endif

#endif
