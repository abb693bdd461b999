#include "dsp/dsp_fully_connected.h"

#include "dsp/dsp_channel.h"
#include "dsp/dsp_columns.h"
#include "dsp/dsp_four_of_row.h"

enum { NW_AT_ONCE = 4 };

static NW_INLINE nw_i32 nw_result_of(nw_i32 doubled, const nw_i32 *channel) {
  return nw_channel_result(doubled, channel[NW_CHANNEL_MULTIPLIER], channel[NW_CHANNEL_ADDEND],
                           channel[NW_CHANNEL_SHIFT]);
}

static NW_NOINLINE nw_u32 *nw_spread_row(nw_u32 *row, const nw_i8 *input, nw_i32 count, nw_i32 folded) {
  return nw_spread(row, input, count, folded);
}

#define NW_FOUR nw_four_of_row
#define NW_CHANNELS nw_four_channels
#define NW_FULLY_CONNECTED nw_dsp_fully_connected_i8
#define NW_WIDE_WEIGHTS 0
#include "dsp/dsp_fully_connected_body.h"

#define NW_FOUR nw_four_of_row_wide
#define NW_CHANNELS nw_four_channels_wide
#define NW_FULLY_CONNECTED nw_dsp_fully_connected_i8_wide
#define NW_WIDE_WEIGHTS 1
#include "dsp/dsp_fully_connected_body.h"
