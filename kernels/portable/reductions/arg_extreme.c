#include "portable/reductions/arg_extreme.h"

#define NW_ARG_NAME nw_arg_max_i8
#define NW_ARG_ACT nw_i8
#define NW_ARG_BEFORE(a, b) ((a) > (b))
#include "portable/reductions/arg_extreme_body.h"

#define NW_ARG_NAME nw_arg_max_i16
#define NW_ARG_ACT nw_i16
#define NW_ARG_BEFORE(a, b) ((a) > (b))
#include "portable/reductions/arg_extreme_body.h"

#define NW_ARG_NAME nw_arg_min_i8
#define NW_ARG_ACT nw_i8
#define NW_ARG_BEFORE(a, b) ((a) < (b))
#include "portable/reductions/arg_extreme_body.h"

#define NW_ARG_NAME nw_arg_min_i16
#define NW_ARG_ACT nw_i16
#define NW_ARG_BEFORE(a, b) ((a) < (b))
#include "portable/reductions/arg_extreme_body.h"
