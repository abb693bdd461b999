#include "portable/arithmetic/choose.h"

#define NW_PAIR_NAME nw_maximum_i8
#define NW_PAIR_IN nw_i8
#define NW_PAIR_OUT nw_i8
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR(p, x, y) (x > y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_maximum_i16
#define NW_PAIR_IN nw_i16
#define NW_PAIR_OUT nw_i16
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR(p, x, y) (x > y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_minimum_i8
#define NW_PAIR_IN nw_i8
#define NW_PAIR_OUT nw_i8
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR(p, x, y) (x < y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_minimum_i16
#define NW_PAIR_IN nw_i16
#define NW_PAIR_OUT nw_i16
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR(p, x, y) (x < y ? x : y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_logical_and
#define NW_PAIR_IN nw_u8
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR(p, x, y) (x && y)
#include "portable/arithmetic/pairwise_body.h"

#define NW_PAIR_NAME nw_logical_or
#define NW_PAIR_IN nw_u8
#define NW_PAIR_OUT nw_u8
#define NW_PAIR_PARAMS nw_choose_params
#define NW_PAIR(p, x, y) (x || y)
#include "portable/arithmetic/pairwise_body.h"

void nw_logical_not(const NW_FLASH nw_logical_not_params *p, const nw_u8 *in, nw_u8 *out) {
  for (nw_i32 i = 0; i < p->count; ++i) out[i] = in[i] == 0;
}
