#include "dsp/dsp_lstm.h"

#include "dsp/dsp_columns.h"
#include "dsp/dsp_four_of_row.h"
#include "dsp/dsp_lstm_cells.h"

/* nw_requantize_double of a sum that is given doubled, in 16 bits, half = 2^(down - 1), away = -1; both 0 where down is
 * 0, and nothing is rounded a second time. */
static NW_INLINE nw_i32 nw_lstm_scaled(nw_i32 doubled, nw_i32 multiplier, nw_i32 half, nw_i32 away, nw_i32 down) {
  nw_i32 const v = nw_add_high_word(half, doubled, multiplier) + (NW_FLOOR_SHIFT(doubled, 31) & away);
  return nw_to_halfword(NW_FLOOR_SHIFT(v, down));
}

static NW_NOINLINE nw_u32 *nw_lstm_row(nw_u32 *row, const nw_i8 *from, nw_i32 count, nw_i32 folded) {
  return nw_spread(row, from, count, folded);
}

#define NW_GATE nw_lstm_gate
#define NW_LSTM nw_dsp_lstm_i8
#define NW_FOUR nw_four_of_row
#define NW_WIDE_WEIGHTS 0
#define NW_SPREAD_ROW(to, from, count) nw_lstm_row(to, from, count, 1)
#include "dsp/dsp_lstm_body.h"

#define NW_GATE nw_lstm_gate_wide
#define NW_LSTM nw_dsp_lstm_i8_wide
#define NW_FOUR nw_four_of_row_wide
#define NW_WIDE_WEIGHTS 1
#define NW_SPREAD_ROW(to, from, count) nw_lstm_row(to, from, count, 0)
#include "dsp/dsp_lstm_body.h"
