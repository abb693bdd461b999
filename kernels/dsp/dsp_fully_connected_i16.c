#include "dsp/dsp_fully_connected_i16.h"

#include "dsp/dsp_four_sums.h"
#include "dsp/dsp_results.h"

#define NW_DENSE nw_dsp_fully_connected_i16
#define NW_FOUR_RESULTS nw_four_results_i16
#define NW_FOUR nw_plain_by_four
#define NW_IN nw_i16
#define NW_OUT nw_i16
#define NW_SPREAD nw_spread_halfwords
#define NW_RECORD NW_I16_WORDS
#define NW_SCALE nw_i16_scale
#define NW_SCALE_OF nw_i16_scale_of
#define NW_SCALED nw_i16_scaled
#define NW_TO_RANGE nw_to_halfword
#define NW_TO_POSITIVE nw_to_positive_halfword
#define NW_LIMIT nw_limit_halfwords
#include "dsp/dsp_four_results_body.h"
#include "dsp/dsp_rows_body.h"
