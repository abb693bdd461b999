#include "portable/recurrent/gru_widths.h"

#define NW_GRU_NAME nw_gru_a8w4
#define NW_GRU_DATA nw_i8
#define NW_WEIGHT nw_i4
#define NW_GRU_SUM nw_i32
#define NW_GRU_TOP 127
#define NW_GRU_PART(name) gru_a8w4_##name
#include "portable/recurrent/gru_body.h"

#define NW_GRU_NAME nw_gru_a16w4
#define NW_GRU_DATA nw_i16
#define NW_WEIGHT nw_i4
#define NW_GRU_SUM nw_i64
#define NW_GRU_TOP 32767
#define NW_GRU_PART(name) gru_a16w4_##name
#include "portable/recurrent/gru_body.h"

#define NW_GRU_NAME nw_gru_a16w16
#define NW_GRU_DATA nw_i16
#define NW_WEIGHT nw_i16
#define NW_GRU_SUM nw_i64
#define NW_GRU_TOP 32767
#define NW_GRU_PART(name) gru_a16w16_##name
#include "portable/recurrent/gru_body.h"
