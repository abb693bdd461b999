#include "dsp/dsp_depthwise3x3_w16.h"

#include "dsp/dsp_plane.h"
#include "dsp/dsp_wide_sums.h"

static NW_INLINE void nw_wide_words(nw_u32 left, nw_u32 right, nw_u32 front, nw_u32 back, nw_wide_sum *first,
                                    nw_wide_sum *second) {
  nw_add_wide(first, left, front);
  nw_add_wide_under(first, right, back);
  nw_add_wide_cross(second, left, front);
  nw_add_wide(second, right, back);
}

static NW_INLINE void nw_wide_row(const nw_i16 *from, int stride, nw_u32 front, nw_u32 back, nw_wide_sum *first,
                                  nw_wide_sum *second) {
  nw_u32 const left = nw_two_halfwords(from), right = nw_two_halfwords(from + 2);
  if (stride == 1) {
    nw_wide_words(left, right, front, back, first, second);
  } else {
    nw_add_wide(first, left, front);
    nw_add_wide_under(first, right, back);
    nw_add_wide(second, right, front);
    nw_add_wide_under(second, (nw_u32)from[4], back);
  }
}

typedef const nw_i32 *nw_wide_scale;

static NW_INLINE nw_wide_scale nw_wide_scale_of(const nw_i32 *record) {
  return record;
}

#define NW_DEPTHWISE nw_dsp_depthwise3x3_w16
#define NW_PLANE_BY_ONE nw_plane_by_one_w16
#define NW_PLANE_BY_TWO nw_plane_by_two_w16
#define NW_PLANE_PAIRS nw_plane_pairs_w16
#define NW_FILTER nw_filter_of_halfwords
#define NW_SUM nw_wide_sum
#define NW_BEGIN nw_wide_begin
#define NW_ROW nw_wide_row
#define NW_WORDS nw_wide_words
#define NW_IN nw_i16
#define NW_OUT nw_i16
#define NW_RECORD NW_WIDE_WORDS
#define NW_SCALE nw_wide_scale
#define NW_SCALE_OF nw_wide_scale_of
#define NW_SCALED nw_wide_scaled
#define NW_TO_RANGE nw_to_halfword
#define NW_TO_POSITIVE nw_to_positive_halfword
#define NW_LIMIT nw_limit_halfwords
#include "dsp/dsp_depthwise3x3_plane_body.h"
