#include "portable/arithmetic/mul.h"

#include "nw_requantize.h"

#define NW_MUL_NAME nw_mul_i8
#define NW_MUL_ACT nw_i8
#define NW_MUL_PARAMS nw_mul_params
#define NW_MUL_EPILOGUE(p, product) nw_requantize_double(product, (p)->multiplier, (p)->shift)
#include "portable/arithmetic/mul_body.h"

#define NW_MUL_NAME nw_mul_i16
#define NW_MUL_ACT nw_i16
#define NW_MUL_PARAMS nw_mul_params
#define NW_MUL_EPILOGUE(p, product) nw_requantize_double(product, (p)->multiplier, (p)->shift)
#include "portable/arithmetic/mul_body.h"

#define NW_MUL_NAME nw_mul_by_rule_i8
#define NW_MUL_ACT nw_i8
#define NW_MUL_PARAMS nw_mul_params
#define NW_MUL_EPILOGUE(p, product) nw_shift_by(product, (p)->shift, (p)->rounding)
#include "portable/arithmetic/mul_body.h"

#define NW_MUL_NAME nw_mul_once_i8
#define NW_MUL_ACT nw_i8
#define NW_MUL_PARAMS nw_mul_params
#define NW_MUL_EPILOGUE(p, product) nw_requantize_by(product, (p)->multiplier, (p)->shift, (p)->rounding)
#include "portable/arithmetic/mul_body.h"

#define NW_MUL_NAME nw_mul_by_rule_i16
#define NW_MUL_ACT nw_i16
#define NW_MUL_PARAMS nw_mul_params
#define NW_MUL_EPILOGUE(p, product) nw_shift_by(product, (p)->shift, (p)->rounding)
#include "portable/arithmetic/mul_body.h"
