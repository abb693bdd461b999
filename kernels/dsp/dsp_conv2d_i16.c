#include "dsp/dsp_conv2d_i16.h"

#include "dsp/dsp_results.h"
#include "dsp/dsp_six_sums.h"

#define NW_CONV2D nw_dsp_conv2d_i16
#define NW_THREE_PIXELS nw_three_pixels_i16
#define NW_COLUMN nw_column_i16
#define NW_COLUMNS nw_columns_i16
#define NW_PIXEL nw_pixel_i16
#define NW_COPY nw_copy_i16
#define NW_IN nw_i16
#define NW_OUT nw_i16
#define NW_SPREAD nw_spread_halfwords
#define NW_SPREAD_SAME nw_spread_same_halfwords
#define NW_SHARE nw_share_halfwords
#define NW_EIGHT nw_eight_plain
#define NW_RECORD NW_I16_WORDS
#define NW_SCALE nw_i16_scale
#define NW_SCALE_OF nw_i16_scale_of
#define NW_SCALED nw_i16_scaled
#define NW_TO_RANGE nw_to_halfword
#define NW_TO_POSITIVE nw_to_positive_halfword
#define NW_LIMIT nw_limit_halfwords
#define NW_HAS_PIXEL_SUM 0
#include "dsp/dsp_three_pixels_body.h"
