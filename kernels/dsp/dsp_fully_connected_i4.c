#include "dsp/dsp_fully_connected_i4.h"

#include "dsp/dsp_four_sums.h"
#include "dsp/dsp_results.h"

#define NW_DENSE nw_dsp_fully_connected_i4
#define NW_FOUR_RESULTS nw_four_results_i4
#define NW_FOUR nw_nibbles_by_four
#define NW_IN nw_i8
#define NW_OUT nw_i8
#define NW_SPREAD nw_spread_nibbles
#define NW_RECORD NW_DOUBLE_WORDS
#define NW_SCALE nw_double_scale
#define NW_SCALE_OF nw_double_scale_of
#define NW_SCALED nw_double_scaled
#define NW_TO_RANGE nw_as_it_is
#define NW_TO_POSITIVE nw_as_it_is
#define NW_LIMIT nw_limit_bytes
#include "dsp/dsp_four_results_body.h"
#include "dsp/dsp_rows_body.h"
