#include "portable/reductions/reduce_fold.h"

#include "nw_requantize.h"

#define NW_EXTREME_NAME nw_reduce_max_i8
#define NW_EXTREME_ACT nw_i8
#define NW_EXTREME_BEFORE(a, b) ((a) > (b))
#include "portable/reductions/reduce_extreme_body.h"

#define NW_EXTREME_NAME nw_reduce_max_i16
#define NW_EXTREME_ACT nw_i16
#define NW_EXTREME_BEFORE(a, b) ((a) > (b))
#include "portable/reductions/reduce_extreme_body.h"

#define NW_EXTREME_NAME nw_reduce_min_i8
#define NW_EXTREME_ACT nw_i8
#define NW_EXTREME_BEFORE(a, b) ((a) < (b))
#include "portable/reductions/reduce_extreme_body.h"

#define NW_EXTREME_NAME nw_reduce_min_i16
#define NW_EXTREME_ACT nw_i16
#define NW_EXTREME_BEFORE(a, b) ((a) < (b))
#include "portable/reductions/reduce_extreme_body.h"

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
