#include "portable/reductions/reduce.h"

#include "nw_requantize.h"

#define NW_REDUCE_NAME nw_sum_i8
#define NW_REDUCE_ACT nw_i8
#define NW_REDUCE_PARAMS nw_reduce_params
#define NW_REDUCE_EPILOGUE(p, acc) nw_requantize_double(acc, (p)->multiplier, (p)->shift)
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_sum_once_i8
#define NW_REDUCE_ACT nw_i8
#define NW_REDUCE_PARAMS nw_reduce_params
#define NW_REDUCE_EPILOGUE(p, acc) nw_requantize_by(acc, (p)->multiplier, (p)->shift, (p)->rounding)
#include "portable/reductions/reduce_body.h"

#define NW_REDUCE_NAME nw_sum_i16
#define NW_REDUCE_ACT nw_i16
#define NW_REDUCE_PARAMS nw_reduce_params
#define NW_REDUCE_EPILOGUE(p, acc) nw_requantize_double(acc, (p)->multiplier, (p)->shift)
#include "portable/reductions/reduce_body.h"
