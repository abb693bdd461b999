#include "dsp/dsp_svdf.h"

#include "dsp/dsp_gate.h"
#include "nw_requantize.h"

/* Moves the state of a filter on by a step, and adds its products with the vector over time to `sum`. */
static NW_INLINE nw_i32 nw_svdf_filter(nw_i32 memory, nw_i16 value, const nw_i16 *time, nw_i16 *state, nw_i32 sum) {
  for (; memory > 2; memory -= 2, time += 2, state += 2) {
    nw_u32 const moved = nw_two_halfwords(state + 1);
    nw_put_two_halfwords(state, moved);
    sum = nw_mac_both(moved, nw_two_halfwords(time), sum);
  }
  if (memory == 2) {
    state[0] = state[1];
    sum += (nw_i32)*time++ * *state++;
  }
  *state = value;
  return sum + (nw_i32)*time * value;
}

/* What the units give of one sample. */
static NW_NOINLINE void nw_svdf_units(const nw_svdf_params *p, const nw_i16 *values, const nw_i16 *time,
                                      const nw_i32 *bias, nw_i16 *state, nw_i8 *out) {
  nw_i32 const memory = p->memory;
  for (nw_i32 u = 0; u < p->units; ++u) {
    nw_i32 sum = bias ? bias[u] : 0;
    for (nw_i32 r = 0; r < p->rank; ++r, ++values, time += memory) {
      if (state) {
        sum = nw_svdf_filter(memory, *values, time, state, sum);
        state += memory;
      } else {
        sum += (nw_i32)time[memory - 1] * *values;
      }
    }
    sum = nw_requantize_double(sum, p->output_multiplier, p->output_shift) + p->output_zero_point;
    out[u] = (nw_i8)nw_clamp(sum, p->act_min, p->act_max);
  }
}

#define NW_FILTERS nw_svdf_new
#define NW_SVDF nw_dsp_svdf_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_svdf_body.h"

#define NW_FILTERS nw_svdf_new_wide
#define NW_SVDF nw_dsp_svdf_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_svdf_body.h"
