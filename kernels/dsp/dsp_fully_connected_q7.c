#include "dsp/dsp_fully_connected_q7.h"

#include "dsp/dsp_four_sums.h"
#include "dsp/dsp_results.h"

#define NW_DENSE nw_dsp_fully_connected_q7
#define NW_FOUR_RESULTS nw_four_results_q7
#define NW_FOUR nw_folded_by_four
#define NW_IN nw_i8
#define NW_OUT nw_i8
#define NW_SPREAD nw_spread_folded
#define NW_RECORD NW_SHIFTED_WORDS
#define NW_SCALE nw_shifted_scale
#define NW_SCALE_OF nw_shifted_scale_of
#define NW_SCALED nw_shifted
#define NW_TO_RANGE nw_to_byte
#define NW_TO_POSITIVE nw_to_positive_byte
#define NW_LIMIT nw_limit_signed_bytes
#include "dsp/dsp_four_results_body.h"
#include "dsp/dsp_rows_body.h"
