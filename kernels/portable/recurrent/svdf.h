/* SVDF on integers: 8-bit data and results, 8-bit vectors over features, 16-bit vectors over time and state.
 *
 * Each of units * rank filters keeps what its vector over features gave for the last `memory` runs, the newest last:
 *   new    = sat16(rescale(feature_bias + features . x, state))
 *   sum    = bias + the sum over the unit's `rank` filters of time . state
 *   output = rescale(sum, output) + output_zero_point, limited to [act_min, act_max]
 * feature_bias holds what the zero point of x contributes. rescale is nw_requantize_double. */
#ifndef NARROW_SVDF_H
#define NARROW_SVDF_H

#include "nw_types.h"
#include "nw_weights.h"

typedef struct {
  nw_i32 batch, input_c, units, rank, memory; /* at least 1 */
  nw_i32 state_multiplier;                    /* [2^30, 2^31 - 1] or 0, likewise the other one */
  int state_shift;                            /* [-31, 30], likewise the other one */
  nw_i32 output_multiplier;
  int output_shift;
  nw_i32 output_zero_point; /* [-128, 127] */
  nw_i32 act_min, act_max;  /* likewise */
} nw_svdf_params;

/* x [batch, input_c]; features [units * rank, input_c] and feature_bias [units * rank]; time [units * rank, memory],
 * such that no sum leaves 32 bits, whatever the state; bias [units] or null; state [batch, units * rank * memory],
 * which changes, or null, then each run is the first; out [batch, units]. */
void nw_svdf_i8(const NW_FLASH nw_svdf_params *p, const nw_i8 *x, const NW_FLASH nw_i8_stored *features,
                const NW_FLASH nw_i32 *feature_bias, const NW_FLASH nw_i16 *time, const NW_FLASH nw_i32 *bias,
                nw_i16 *state, nw_i8 *out);

#endif
