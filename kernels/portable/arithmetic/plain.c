#include "portable/arithmetic/plain.h"

#include "portable/arithmetic/compare.h"

#define NW_I64_MAX 9223372036854775807
#define NW_I64_MIN (-NW_I64_MAX - 1)

static inline nw_i64 between(nw_i64 v, nw_i64 lo, nw_i64 hi) {
  return v < lo ? lo : v > hi ? hi : v;
}

static inline nw_i64 plain_add(nw_i64 x, nw_i64 y) {
  if (y > 0 && x > NW_I64_MAX - y) return NW_I64_MAX;
  if (y < 0 && x < NW_I64_MIN - y) return NW_I64_MIN;
  return x + y;
}

static inline nw_i64 plain_sub(nw_i64 x, nw_i64 y) {
  if (y < 0 && x > NW_I64_MAX + y) return NW_I64_MAX;
  if (y > 0 && x < NW_I64_MIN + y) return NW_I64_MIN;
  return x - y;
}

/* Products of 32-bit numbers cannot leave 64 bits; the divisions are for others. */
static inline nw_i64 plain_mul(nw_i64 x, nw_i64 y) {
  nw_i64 const most = 2147483647;
  if (x <= most && x >= -most && y <= most && y >= -most) return x * y;
  if (x == 0 || y == 0) return 0;
  if ((x > 0) == (y > 0)) {
    if (x > 0 ? x > NW_I64_MAX / y : x < NW_I64_MAX / y) return NW_I64_MAX;
  } else {
    if (x > 0 ? (y != -1 && x > NW_I64_MIN / y) : (y > 1 && x < NW_I64_MIN / y)) return NW_I64_MIN;
  }
  return x * y;
}

static inline int accepted(const NW_FLASH nw_relate_params *p, nw_i64 x, nw_i64 y) {
  nw_i32 const found = x < y ? NW_LESS : (x == y ? NW_SAME : NW_GREATER);
  return (p->accepts & found) != 0;
}

#define NW_PAIR_NAME nw_plain_add_i32
#define NW_PAIR_IN nw_i32
#define NW_PAIR_OUT nw_i32
#define NW_PAIR_PARAMS nw_plain_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) between(plain_add(x, y), (p)->min, (p)->max)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_add_i64
#define NW_PAIR_IN nw_i64
#define NW_PAIR_OUT nw_i64
#define NW_PAIR_PARAMS nw_plain_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) between(plain_add(x, y), (p)->min, (p)->max)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_sub_i32
#define NW_PAIR_IN nw_i32
#define NW_PAIR_OUT nw_i32
#define NW_PAIR_PARAMS nw_plain_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) between(plain_sub(x, y), (p)->min, (p)->max)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_sub_i64
#define NW_PAIR_IN nw_i64
#define NW_PAIR_OUT nw_i64
#define NW_PAIR_PARAMS nw_plain_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) between(plain_sub(x, y), (p)->min, (p)->max)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_mul_i32
#define NW_PAIR_IN nw_i32
#define NW_PAIR_OUT nw_i32
#define NW_PAIR_PARAMS nw_plain_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) between(plain_mul(x, y), (p)->min, (p)->max)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_mul_i64
#define NW_PAIR_IN nw_i64
#define NW_PAIR_OUT nw_i64
#define NW_PAIR_PARAMS nw_plain_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) between(plain_mul(x, y), (p)->min, (p)->max)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_maximum_i32
#define NW_PAIR_IN nw_i32
#define NW_PAIR_OUT nw_i32
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR_VALUE nw_i32
#define NW_PAIR(p, x, y) (x > y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_maximum_i64
#define NW_PAIR_IN nw_i64
#define NW_PAIR_OUT nw_i64
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) (x > y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_minimum_i32
#define NW_PAIR_IN nw_i32
#define NW_PAIR_OUT nw_i32
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR_VALUE nw_i32
#define NW_PAIR(p, x, y) (x < y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_plain_minimum_i64
#define NW_PAIR_IN nw_i64
#define NW_PAIR_OUT nw_i64
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) (x < y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_relate_i8
#define NW_PAIR_IN nw_i8
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_relate_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_relate_u8
#define NW_PAIR_IN nw_u8
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_relate_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_relate_i16
#define NW_PAIR_IN nw_i16
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_relate_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_relate_i32
#define NW_PAIR_IN nw_i32
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_relate_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_relate_i64
#define NW_PAIR_IN nw_i64
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_relate_params
#define NW_PAIR_VALUE nw_i64
#define NW_PAIR(p, x, y) accepted(p, x, y)
#include "portable/arithmetic/pairwise_body.h"
