#include "portable/recurrent/rnn.h"

#define NW_RNN_NAME nw_rnn_i8
#define NW_RNN_DATA nw_i8
#define NW_WEIGHT nw_i8
#define NW_RNN_SUM nw_i32
#define NW_RNN_TOP 127
#define NW_RNN_PART(name) rnn_i8_##name
#include "portable/recurrent/rnn_body.h"

#define NW_RNN_NAME nw_rnn_i16
#define NW_RNN_DATA nw_i16
#define NW_WEIGHT nw_i8
#define NW_RNN_SUM nw_i64
#define NW_RNN_TOP 32767
#define NW_RNN_PART(name) rnn_i16_##name
#include "portable/recurrent/rnn_body.h"
