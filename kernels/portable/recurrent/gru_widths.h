/* GRU_SEQUENCE with weights of 4 and 16 bits: as in gru.h, but for the type of weights. */
#ifndef NARROW_GRU_WIDTHS_H
#define NARROW_GRU_WIDTHS_H

#include "portable/recurrent/gru.h"

NW_GRU_FUNCTION(nw_gru_a8w4, nw_i8, nw_i4_stored, nw_i32);
NW_GRU_FUNCTION(nw_gru_a16w4, nw_i16, nw_i4_stored, nw_i64);
NW_GRU_FUNCTION(nw_gru_a16w16, nw_i16, nw_i16_stored, nw_i64);

#endif
