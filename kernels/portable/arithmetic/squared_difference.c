#include "portable/arithmetic/squared_difference.h"

static inline nw_i32 square(const NW_FLASH nw_squared_difference_params *p, nw_i32 x, nw_i32 y, nw_i32 most) {
  nw_i32 const u = nw_scale_input(&p->a, x - p->a.zero_point, p->left_shift);
  nw_i32 const v = nw_scale_input(&p->b, y - p->b.zero_point, p->left_shift);
  nw_i32 const scaled = nw_requantize_double((u - v) * (u - v), p->multiplier, p->shift);
  return nw_clamp(scaled + p->out_zero_point, -most - 1, most);
}

#define NW_PAIR_NAME nw_squared_difference_i8
#define NW_PAIR_IN nw_i8
#define NW_PAIR_OUT nw_i8
#define NW_PAIR_PARAMS nw_squared_difference_params
#define NW_PAIR(p, x, y) square(p, x, y, 127)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_squared_difference_i16
#define NW_PAIR_IN nw_i16
#define NW_PAIR_OUT nw_i16
#define NW_PAIR_PARAMS nw_squared_difference_params
#define NW_PAIR(p, x, y) square(p, x, y, 32767)
#include "portable/arithmetic/pairwise_body.h"
