#include "portable/activations/prelu.h"

#include "nw_requantize.h"

#define NW_PRELU_NAME nw_prelu_i8
#define NW_PRELU_ACT nw_i8
#define NW_PRELU_MIN -128
#define NW_PRELU_MAX 127
#define NW_PRELU_REQUANTIZE nw_requantize_double
#include "portable/activations/prelu_body.h"

#define NW_PRELU_NAME nw_prelu_i16
#define NW_PRELU_ACT nw_i16
#define NW_PRELU_MIN -32768
#define NW_PRELU_MAX 32767
#define NW_PRELU_REQUANTIZE nw_requantize_double
#include "portable/activations/prelu_body.h"
