#include "portable/windows/pool.h"

#include "nw_requantize.h"

static inline nw_i32 average(nw_i32 sum, nw_i32 count) {
  nw_i32 const half = count / 2;
  return (sum > 0 ? sum + half : sum - half) / count;
}

static inline nw_i32 larger(nw_i32 a, nw_i32 b) {
  return a > b ? a : b;
}

#define NW_POOL_NAME nw_average_pool_i8
#define NW_POOL_ACT nw_i8
#define NW_POOL_START 0
#define NW_POOL_FOLD(acc, v) ((acc) + (v))
#define NW_POOL_VALUE(acc, count) average(acc, count)
#include "portable/windows/pool_body.h"

#define NW_POOL_NAME nw_average_pool_i16
#define NW_POOL_ACT nw_i16
#define NW_POOL_START 0
#define NW_POOL_FOLD(acc, v) ((acc) + (v))
#define NW_POOL_VALUE(acc, count) average(acc, count)
#include "portable/windows/pool_body.h"

#define NW_POOL_NAME nw_max_pool_i8
#define NW_POOL_ACT nw_i8
#define NW_POOL_START (-128)
#define NW_POOL_FOLD(acc, v) larger(acc, v)
#define NW_POOL_VALUE(acc, count) (acc)
#include "portable/windows/pool_body.h"

#define NW_POOL_NAME nw_max_pool_i16
#define NW_POOL_ACT nw_i16
#define NW_POOL_START (-32768)
#define NW_POOL_FOLD(acc, v) larger(acc, v)
#define NW_POOL_VALUE(acc, count) (acc)
#include "portable/windows/pool_body.h"

#define NW_POOL_NAME nw_average_pool_by_rule_i8
#define NW_POOL_ACT nw_i8
#define NW_POOL_START 0
#define NW_POOL_FOLD(acc, v) ((acc) + (v))
#define NW_POOL_VALUE(acc, count) nw_round_divide(acc, count, p->rounding)
#include "portable/windows/pool_body.h"

#define NW_POOL_NAME nw_average_pool_by_rule_i16
#define NW_POOL_ACT nw_i16
#define NW_POOL_START 0
#define NW_POOL_FOLD(acc, v) ((acc) + (v))
#define NW_POOL_VALUE(acc, count) nw_round_divide(acc, count, p->rounding)
#include "portable/windows/pool_body.h"
