#include "portable/conversions/quantize.h"

#include "nw_requantize.h"

#define NW_QUANTIZE_SCALE(p, v) nw_requantize_double(v, (p)->multiplier, (p)->shift)

#define NW_QUANTIZE_NAME nw_quantize_i8_i8
#define NW_QUANTIZE_IN nw_i8
#define NW_QUANTIZE_OUT nw_i8
#define NW_QUANTIZE_MIN -128
#define NW_QUANTIZE_MAX 127
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_i8_u8
#define NW_QUANTIZE_IN nw_i8
#define NW_QUANTIZE_OUT nw_u8
#define NW_QUANTIZE_MIN 0
#define NW_QUANTIZE_MAX 255
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_i8_i16
#define NW_QUANTIZE_IN nw_i8
#define NW_QUANTIZE_OUT nw_i16
#define NW_QUANTIZE_MIN -32768
#define NW_QUANTIZE_MAX 32767
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_u8_i8
#define NW_QUANTIZE_IN nw_u8
#define NW_QUANTIZE_OUT nw_i8
#define NW_QUANTIZE_MIN -128
#define NW_QUANTIZE_MAX 127
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_u8_u8
#define NW_QUANTIZE_IN nw_u8
#define NW_QUANTIZE_OUT nw_u8
#define NW_QUANTIZE_MIN 0
#define NW_QUANTIZE_MAX 255
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_u8_i16
#define NW_QUANTIZE_IN nw_u8
#define NW_QUANTIZE_OUT nw_i16
#define NW_QUANTIZE_MIN -32768
#define NW_QUANTIZE_MAX 32767
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_i16_i8
#define NW_QUANTIZE_IN nw_i16
#define NW_QUANTIZE_OUT nw_i8
#define NW_QUANTIZE_MIN -128
#define NW_QUANTIZE_MAX 127
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_i16_i16
#define NW_QUANTIZE_IN nw_i16
#define NW_QUANTIZE_OUT nw_i16
#define NW_QUANTIZE_MIN -32768
#define NW_QUANTIZE_MAX 32767
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_i32_i8
#define NW_QUANTIZE_IN nw_i32
#define NW_QUANTIZE_OUT nw_i8
#define NW_QUANTIZE_MIN -128
#define NW_QUANTIZE_MAX 127
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_i32_i16
#define NW_QUANTIZE_IN nw_i32
#define NW_QUANTIZE_OUT nw_i16
#define NW_QUANTIZE_MIN -32768
#define NW_QUANTIZE_MAX 32767
#include "portable/conversions/quantize_body.h"

#undef NW_QUANTIZE_SCALE
#define NW_QUANTIZE_SCALE(p, v) nw_shift_by(v, (p)->shift, (p)->rounding)

#define NW_QUANTIZE_NAME nw_quantize_by_rule_i8_i8
#define NW_QUANTIZE_IN nw_i8
#define NW_QUANTIZE_OUT nw_i8
#define NW_QUANTIZE_MIN -128
#define NW_QUANTIZE_MAX 127
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_by_rule_i8_i16
#define NW_QUANTIZE_IN nw_i8
#define NW_QUANTIZE_OUT nw_i16
#define NW_QUANTIZE_MIN -32768
#define NW_QUANTIZE_MAX 32767
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_by_rule_i16_i8
#define NW_QUANTIZE_IN nw_i16
#define NW_QUANTIZE_OUT nw_i8
#define NW_QUANTIZE_MIN -128
#define NW_QUANTIZE_MAX 127
#include "portable/conversions/quantize_body.h"

#define NW_QUANTIZE_NAME nw_quantize_by_rule_i16_i16
#define NW_QUANTIZE_IN nw_i16
#define NW_QUANTIZE_OUT nw_i16
#define NW_QUANTIZE_MIN -32768
#define NW_QUANTIZE_MAX 32767
#include "portable/conversions/quantize_body.h"

#undef NW_QUANTIZE_SCALE
