#include "dsp/dsp_depthwise3x3_i16.h"

#include "dsp/dsp_plane.h"
#include "dsp/dsp_results.h"

#define NW_DEPTHWISE nw_dsp_depthwise3x3_i16
#define NW_PLANE_BY_ONE nw_plane_by_one_i16
#define NW_PLANE_BY_TWO nw_plane_by_two_i16
#define NW_PLANE_PAIRS nw_plane_pairs_i16
#define NW_FILTER nw_filter_of_bytes
#define NW_SUM nw_i32
#define NW_BEGIN nw_begin_of
#define NW_ROW nw_plane_row
#define NW_WORDS nw_plane_words
#define NW_IN nw_i16
#define NW_OUT nw_i16
#define NW_RECORD NW_I16_WORDS
#define NW_SCALE nw_i16_scale
#define NW_SCALE_OF nw_i16_scale_of
#define NW_SCALED nw_i16_scaled
#define NW_TO_RANGE nw_to_halfword
#define NW_TO_POSITIVE nw_to_positive_halfword
#define NW_LIMIT nw_limit_halfwords
#include "dsp/dsp_depthwise3x3_plane_body.h"
