#include "portable/reductions/reduce.h"

#include "nw_requantize.h"

static inline nw_i32 in_range(const NW_FLASH nw_reduce_params *p, nw_i32 v) {
  return nw_clamp(v + p->out_zero_point, p->out_min, p->out_max);
}

#define NW_REDUCE_NAME nw_sum_i8
#define NW_REDUCE_ACT nw_i8
#define NW_REDUCE_PARAMS nw_reduce_params
#define NW_REDUCE_START(x) 0
#define NW_REDUCE_FOLD(acc, x) ((acc) + (x))
#define NW_REDUCE_RESULT(p, acc) in_range(p, nw_requantize_double((acc) - (p)->sum_offset, (p)->multiplier, (p)->shift))
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_sum_once_i8
#define NW_REDUCE_ACT nw_i8
#define NW_REDUCE_PARAMS nw_reduce_params
#define NW_REDUCE_START(x) 0
#define NW_REDUCE_FOLD(acc, x) ((acc) + (x))
#define NW_REDUCE_RESULT(p, acc) \
  in_range(p, nw_requantize_by((acc) - (p)->sum_offset, (p)->multiplier, (p)->shift, (p)->rounding))
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_sum_i16
#define NW_REDUCE_ACT nw_i16
#define NW_REDUCE_PARAMS nw_reduce_params
#define NW_REDUCE_START(x) 0
#define NW_REDUCE_FOLD(acc, x) ((acc) + (x))
#define NW_REDUCE_RESULT(p, acc) in_range(p, nw_requantize_double((acc) - (p)->sum_offset, (p)->multiplier, (p)->shift))
#include "portable/reductions/reduce_body.h"
