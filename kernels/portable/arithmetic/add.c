#include "portable/arithmetic/add.h"

static inline nw_i32 sum_double(const NW_FLASH nw_add_params *p, nw_i32 x, nw_i32 y) {
  nw_i32 const u = nw_scale_input(&p->a, x, p->left_shift);
  nw_i32 const v = nw_scale_input(&p->b, y, p->left_shift);
  return nw_requantize_double(u + p->sign * v, p->out_multiplier, p->out_shift);
}

static inline nw_i32 sum_joint(const NW_FLASH nw_add_params *p, nw_i32 x, nw_i32 y) {
  return nw_round_shift_up(x * p->a.multiplier + p->sign * y * p->b.multiplier, p->out_shift);
}

static inline nw_i32 sum_by_rule(const NW_FLASH nw_add_params *p, nw_i32 x, nw_i32 y) {
  nw_i64 const u = x * ((nw_i64)1 << p->a.shift);
  nw_i64 const v = y * ((nw_i64)1 << p->b.shift);
  return nw_round_shift(u + p->sign * v, p->out_shift, p->rounding);
}

#define NW_ADD_NAME nw_add_i8
#define NW_ADD_ACT nw_i8
#define NW_ADD_PARAMS nw_add_params
#define NW_ADD_SUM(p, x, y, i, n) sum_double(p, x, y)
#include "portable/arithmetic/add_body.h"

#define NW_ADD_NAME nw_add_i16
#define NW_ADD_ACT nw_i16
#define NW_ADD_PARAMS nw_add_params
#define NW_ADD_SUM(p, x, y, i, n) sum_double(p, x, y)
#include "portable/arithmetic/add_body.h"

#define NW_ADD_NAME nw_add_joint_i8
#define NW_ADD_ACT nw_i8
#define NW_ADD_PARAMS nw_add_params
#define NW_ADD_SUM(p, x, y, i, n) sum_joint(p, x, y)
#include "portable/arithmetic/add_body.h"

#define NW_ADD_NAME nw_add_by_rule_i8
#define NW_ADD_ACT nw_i8
#define NW_ADD_PARAMS nw_add_params
#define NW_ADD_SUM(p, x, y, i, n) sum_by_rule(p, x, y)
#include "portable/arithmetic/add_body.h"

#define NW_ADD_NAME nw_add_by_rule_i16
#define NW_ADD_ACT nw_i16
#define NW_ADD_PARAMS nw_add_params
#define NW_ADD_SUM(p, x, y, i, n) sum_by_rule(p, x, y)
#include "portable/arithmetic/add_body.h"
