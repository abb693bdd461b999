#include "dsp/dsp_conv2d_q7.h"

#include "dsp/dsp_results.h"
#include "dsp/dsp_six_sums.h"

#define NW_CONV2D nw_dsp_conv2d_q7
#define NW_THREE_PIXELS nw_three_pixels_q7
#define NW_COLUMN nw_column_q7
#define NW_COLUMNS nw_columns_q7
#define NW_PIXEL nw_pixel_q7
#define NW_COPY nw_copy_i8
#define NW_IN nw_i8
#define NW_OUT nw_i8
#define NW_SPREAD nw_spread_folded
#define NW_SPREAD_SAME nw_spread_same_folded
#define NW_SHARE nw_share_folded
#define NW_EIGHT nw_eight_folded
#define NW_RECORD NW_SHIFTED_WORDS
#define NW_SCALE nw_shifted_scale
#define NW_SCALE_OF nw_shifted_scale_of
#define NW_SCALED nw_shifted
#define NW_TO_RANGE nw_to_byte
#define NW_TO_POSITIVE nw_to_positive_byte
#define NW_LIMIT nw_limit_signed_bytes
#define NW_HAS_PIXEL_SUM 0
#include "dsp/dsp_three_pixels_body.h"
