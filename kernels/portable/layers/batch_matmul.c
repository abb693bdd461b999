#include "portable/layers/batch_matmul.h"

#include "nw_requantize.h"

#define NW_MATMUL_NAME nw_batch_matmul_i8
#define NW_MATMUL_A nw_i8
#define NW_MATMUL_B nw_i8
#define NW_MATMUL_SUM nw_i32
#define NW_MATMUL_SCALE nw_requantize_double
#define NW_MATMUL_MAX 127
#include "portable/layers/batch_matmul_body.h"

#define NW_MATMUL_NAME nw_batch_matmul_i16
#define NW_MATMUL_A nw_i16
#define NW_MATMUL_B nw_i16
#define NW_MATMUL_SUM nw_i64
#define NW_MATMUL_SCALE nw_requantize_wide
#define NW_MATMUL_MAX 32767
#include "portable/layers/batch_matmul_body.h"

#define NW_MATMUL_NAME nw_batch_matmul_i16_i8
#define NW_MATMUL_A nw_i16
#define NW_MATMUL_B nw_i8
#define NW_MATMUL_SUM nw_i64
#define NW_MATMUL_SCALE nw_requantize_wide
#define NW_MATMUL_MAX 32767
#include "portable/layers/batch_matmul_body.h"
