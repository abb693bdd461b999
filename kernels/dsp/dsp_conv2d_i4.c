#include "dsp/dsp_conv2d_i4.h"

#include "dsp/dsp_results.h"
#include "dsp/dsp_six_sums.h"

#define NW_CONV2D nw_dsp_conv2d_i4
#define NW_THREE_PIXELS nw_three_pixels_i4
#define NW_COLUMN nw_column_i4
#define NW_COLUMNS nw_columns_i4
#define NW_PIXEL nw_pixel_i4
#define NW_COPY nw_copy_i8
#define NW_IN nw_i8
#define NW_OUT nw_i8
#define NW_SPREAD nw_spread_nibbles
#define NW_SPREAD_SAME nw_spread_same_nibbles
#define NW_SHARE nw_share_nibbles
#define NW_EIGHT nw_eight_nibbles
#define NW_RECORD NW_DOUBLE_WORDS
#define NW_SCALE nw_double_scale
#define NW_SCALE_OF nw_double_scale_of
#define NW_SCALED nw_double_scaled
#define NW_TO_RANGE nw_as_it_is
#define NW_TO_POSITIVE nw_as_it_is
#define NW_LIMIT nw_limit_bytes
#define NW_HAS_PIXEL_SUM 1
#include "dsp/dsp_three_pixels_body.h"
