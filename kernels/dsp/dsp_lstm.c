#include "dsp/dsp_lstm.h"

#include "dsp/dsp_gate.h"
#include "dsp/dsp_lstm_cells.h"

static NW_NOINLINE void nw_lstm_cells(const nw_lstm_params *p, const nw_u16 *table, const nw_i16 *values, nw_i32 step,
                                      nw_i16 *cell, nw_i8 *hidden, nw_i8 *out) {
  nw_lstm_cells_of(p, table, values, step, cell, hidden, out, 0);
}

#define NW_GATE nw_lstm_gate
#define NW_LSTM nw_dsp_lstm_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_lstm_body.h"

#define NW_GATE nw_lstm_gate_wide
#define NW_LSTM nw_dsp_lstm_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_lstm_body.h"
