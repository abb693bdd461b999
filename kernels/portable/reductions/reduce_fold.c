#include "portable/reductions/reduce_fold.h"

#include "nw_requantize.h"

static inline nw_i32 larger(nw_i32 a, nw_i32 b) {
  return a > b ? a : b;
}

static inline nw_i32 smaller(nw_i32 a, nw_i32 b) {
  return a < b ? a : b;
}

#define NW_REDUCE_NAME nw_reduce_max_i8
#define NW_REDUCE_ACT nw_i8
#define NW_REDUCE_PARAMS nw_extreme_params
#define NW_REDUCE_START(x) (x)
#define NW_REDUCE_FOLD(acc, x) larger(acc, x)
#define NW_REDUCE_RESULT(p, acc) (acc)
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_reduce_max_i16
#define NW_REDUCE_ACT nw_i16
#define NW_REDUCE_PARAMS nw_extreme_params
#define NW_REDUCE_START(x) (x)
#define NW_REDUCE_FOLD(acc, x) larger(acc, x)
#define NW_REDUCE_RESULT(p, acc) (acc)
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_reduce_min_i8
#define NW_REDUCE_ACT nw_i8
#define NW_REDUCE_PARAMS nw_extreme_params
#define NW_REDUCE_START(x) (x)
#define NW_REDUCE_FOLD(acc, x) smaller(acc, x)
#define NW_REDUCE_RESULT(p, acc) (acc)
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_reduce_min_i16
#define NW_REDUCE_ACT nw_i16
#define NW_REDUCE_PARAMS nw_extreme_params
#define NW_REDUCE_START(x) (x)
#define NW_REDUCE_FOLD(acc, x) smaller(acc, x)
#define NW_REDUCE_RESULT(p, acc) (acc)
#include "portable/reductions/reduce_body.h"

#define NW_PRODUCT_NAME nw_reduce_prod_i8
#define NW_PRODUCT_ACT nw_i8
#define NW_PRODUCT_MIN -128
#define NW_PRODUCT_MAX 127
#include "portable/reductions/reduce_prod_body.h"

#define NW_PRODUCT_NAME nw_reduce_prod_i16
#define NW_PRODUCT_ACT nw_i16
#define NW_PRODUCT_MIN -32768
#define NW_PRODUCT_MAX 32767
#include "portable/reductions/reduce_prod_body.h"
