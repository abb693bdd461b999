/* Layers without gates with weights of 4 and 16 bits: as in rnn.h, but for the type of weights. */
#ifndef NARROW_RNN_WIDTHS_H
#define NARROW_RNN_WIDTHS_H

#include "portable/recurrent/rnn.h"

NW_RNN_FUNCTION(nw_rnn_a8w4, nw_i8, nw_i4_stored, nw_i32);
NW_RNN_FUNCTION(nw_rnn_a16w4, nw_i16, nw_i4_stored, nw_i64);
NW_RNN_FUNCTION(nw_rnn_a16w16, nw_i16, nw_i16_stored, nw_i64);

#endif
