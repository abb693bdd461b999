#include "portable/recurrent/gru.h"

#define NW_GRU_NAME nw_gru_i8
#define NW_GRU_DATA nw_i8
#define NW_WEIGHT nw_i8
#define NW_GRU_SUM nw_i32
#define NW_GRU_TOP 127
#define NW_GRU_PART(name) gru_i8_##name
#include "portable/recurrent/gru_body.h"

#define NW_GRU_NAME nw_gru_i16
#define NW_GRU_DATA nw_i16
#define NW_WEIGHT nw_i8
#define NW_GRU_SUM nw_i64
#define NW_GRU_TOP 32767
#define NW_GRU_PART(name) gru_i16_##name
#include "portable/recurrent/gru_body.h"
