#include "dsp/dsp_rnn.h"

#include "dsp/dsp_cell_sums.h"

static NW_NOINLINE void nw_rnn_give(const nw_rnn_params *p, const nw_i32 *values, nw_i8 *hidden, nw_i8 *out) {
  nw_cell_giver const give = nw_cell_giver_of(p->output_multiplier, p->output_shift, p->hidden_zero_point);
  for (nw_i32 i = 0; i < p->units; ++i) hidden[i] = out[i] = (nw_i8)nw_cell_given(&give, values[i]);
}

/* Samples begin with this hidden state. */
static NW_NOINLINE void nw_rnn_begin(const nw_rnn_params *p, const nw_i8 *initial, nw_i8 *hidden) {
  for (nw_i32 i = 0; i < p->units; ++i)
    hidden[i] = (nw_i8)(initial ? nw_cell_give(initial[i] - p->initial_zero_point, p->initial_multiplier,
                                               p->initial_shift, p->hidden_zero_point, 127)
                                : p->hidden_zero_point);
}

#define NW_SUMS nw_rnn_sums
#define NW_RNN nw_dsp_rnn_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_rnn_body.h"

#define NW_SUMS nw_rnn_sums_wide
#define NW_RNN nw_dsp_rnn_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_rnn_body.h"
