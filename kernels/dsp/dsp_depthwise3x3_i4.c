#include "dsp/dsp_depthwise3x3_i4.h"

#include "dsp/dsp_plane.h"
#include "dsp/dsp_results.h"

#define NW_DEPTHWISE nw_dsp_depthwise3x3_i4
#define NW_PLANE_BY_ONE nw_plane_by_one_i4
#define NW_PLANE_BY_TWO nw_plane_by_two_i4
#define NW_PLANE_PAIRS nw_plane_pairs_i4
#define NW_FILTER nw_filter_of_nibbles
#define NW_SUM nw_i32
#define NW_BEGIN nw_begin_of
#define NW_ROW nw_plane_row
#define NW_WORDS nw_plane_words
#define NW_IN nw_i8
#define NW_OUT nw_i8
#define NW_RECORD NW_DOUBLE_WORDS
#define NW_SCALE nw_double_scale
#define NW_SCALE_OF nw_double_scale_of
#define NW_SCALED nw_double_scaled
#define NW_TO_RANGE nw_as_it_is
#define NW_TO_POSITIVE nw_as_it_is
#define NW_LIMIT nw_limit_bytes
#include "dsp/dsp_depthwise3x3_plane_body.h"
