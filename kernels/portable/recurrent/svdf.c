#include "portable/recurrent/svdf.h"

#include "portable/fixed_point.h"

/* What the vector over features of a filter gives for x. */
static nw_i16 svdf_new(const NW_FLASH nw_svdf_params *p, const nw_i8 *x, nw_i8_weights features, nw_i32 sum) {
  for (nw_i32 i = 0; i < p->input_c; ++i) sum += (nw_i32)nw_i8_at(features, i) * x[i];
  return (nw_i16)nw_clamp(nw_requantize_double(sum, p->state_multiplier, p->state_shift), -32768, 32767);
}

/* Moves the state of a filter on by a step, and adds its products with the vector over time to `sum`. */
static nw_i32 svdf_filter(nw_i32 memory, nw_i16 new_value, const NW_FLASH nw_i16 *time, nw_i16 *state, nw_i32 sum) {
  for (nw_i32 i = 0; i + 1 < memory; ++i) {
    state[i] = state[i + 1];
    sum += (nw_i32)time[i] * state[i];
  }
  state[memory - 1] = new_value;
  return sum + (nw_i32)time[memory - 1] * new_value;
}

void nw_svdf_i8(const NW_FLASH nw_svdf_params *p, const nw_i8 *x, const NW_FLASH nw_i8_stored *features,
                const NW_FLASH nw_i32 *feature_bias, const NW_FLASH nw_i16 *time, const NW_FLASH nw_i32 *bias,
                nw_i16 *state, nw_i8 *out) {
  nw_i32 const filters = p->units * p->rank, memory = p->memory;
  for (nw_i32 b = 0; b < p->batch; ++b)
    for (nw_i32 u = 0; u < p->units; ++u) {
      nw_i32 sum = bias ? bias[u] : 0;
      for (nw_i32 r = 0; r < p->rank; ++r) {
        nw_i32 const f = u * p->rank + r;
        nw_i16 const value =
            svdf_new(p, x + b * p->input_c, nw_i8_from(nw_i8_in(features), f * p->input_c), feature_bias[f]);
        if (state)
          sum = svdf_filter(memory, value, time + f * memory, state + (b * filters + f) * memory, sum);
        else
          sum += (nw_i32)time[f * memory + memory - 1] * value;
      }
      sum = nw_requantize_double(sum, p->output_multiplier, p->output_shift) + p->output_zero_point;
      out[b * p->units + u] = (nw_i8)nw_clamp(sum, p->act_min, p->act_max);
    }
}
