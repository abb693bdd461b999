#include "portable/arithmetic/compare.h"

static inline nw_i32 accepted(const NW_FLASH nw_compare_params *p, nw_i32 x, nw_i32 y) {
  nw_i32 const u = nw_scale_input(&p->a, x - p->a.zero_point, 8);
  nw_i32 const v = nw_scale_input(&p->b, y - p->b.zero_point, 8);
  int const found = u < v ? NW_LESS : (u == v ? NW_SAME : NW_GREATER);
  return (p->accepts & found) != 0;
}

#define NW_PAIR_NAME nw_compare_i8
#define NW_PAIR_IN nw_i8
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_compare_params
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_compare_i16
#define NW_PAIR_IN nw_i16
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_compare_params
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"
