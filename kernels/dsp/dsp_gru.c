#include "dsp/dsp_gru.h"

#include "dsp/dsp_cell_sums.h"

/* What the reset gate leaves of the state, as the hidden state's bytes. */
static NW_NOINLINE void nw_gru_reset(const nw_gru_params *p, const nw_i32 *reset, const nw_i16 *state, nw_i8 *to) {
  nw_cell_giver const give = nw_cell_giver_of(p->reset_multiplier, p->reset_shift, p->hidden_zero_point);
  for (nw_i32 i = 0; i < p->units; ++i) to[i] = (nw_i8)nw_cell_given(&give, reset[i] * state[i]);
}

/* values: [3, step]: update gate, reset gate, candidate. */
static NW_NOINLINE void nw_gru_states(const nw_gru_params *p, const nw_i32 *values, nw_i32 step, nw_i16 *state,
                                      nw_i8 *hidden, nw_i8 *out) {
  nw_cell_giver const give = nw_cell_giver_of(p->output_multiplier, p->output_shift, p->hidden_zero_point);
  nw_i32 const right = p->candidate_right, half = ((nw_i32)1 << right) >> 1;
  const nw_i16 *const end = state + p->units;
  do {
    nw_i32 const candidate = nw_to_halfword(NW_FLOOR_SHIFT(values[2 * step] + half, right));
    nw_i32 const kept = NW_FLOOR_SHIFT(*values * (*state - candidate) + (1 << 14), 15);
    nw_i32 const fresh = nw_to_halfword(candidate + kept), given = nw_cell_given(&give, fresh);
    ++values;
    *state++ = (nw_i16)fresh;
    *hidden++ = (nw_i8)given;
    *out++ = (nw_i8)given;
  } while (state != end);
}

/* Samples begin with these states, and with what results hold of them. */
static NW_NOINLINE void nw_gru_begin(const nw_gru_params *p, const nw_i8 *initial, nw_i16 *fresh, const nw_i16 *state,
                                     nw_i8 *hidden) {
  for (nw_i32 i = 0; i < p->units; ++i) {
    if (fresh)
      fresh[i] = initial ? (nw_i16)nw_cell_give(initial[i] - p->initial_zero_point, p->initial_multiplier,
                                                p->initial_shift, 0, 32767)
                         : (nw_i16)0;
    hidden[i] = (nw_i8)nw_cell_give(state[i], p->output_multiplier, p->output_shift, p->hidden_zero_point, 127);
  }
}

#define NW_SUMS nw_gru_sums
#define NW_GRU nw_dsp_gru_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_gru_body.h"

#define NW_SUMS nw_gru_sums_wide
#define NW_GRU nw_dsp_gru_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_gru_body.h"
