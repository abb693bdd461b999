#include "portable/recurrent/rnn.h"

#define NW_RNN_NAME nw_rnn_i8
#define NW_RNN_DATA nw_i8
#define NW_RNN_SUM nw_i32
#define NW_RNN_SUM_OF nw_cell_sum_i8
#define NW_RNN_TOP 127
#include "portable/recurrent/rnn_body.h"

#define NW_RNN_NAME nw_rnn_i16
#define NW_RNN_DATA nw_i16
#define NW_RNN_SUM nw_i64
#define NW_RNN_SUM_OF nw_cell_sum_i16
#define NW_RNN_TOP 32767
#include "portable/recurrent/rnn_body.h"
