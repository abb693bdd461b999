#include "portable/activations/relu.h"

#include "nw_requantize.h"

#define NW_RELU_NAME nw_relu_i8
#define NW_RELU_ACT nw_i8
#define NW_RELU_REQUANTIZE nw_requantize_double
#include "portable/activations/relu_body.h"

#define NW_RELU_NAME nw_relu_i16
#define NW_RELU_ACT nw_i16
#define NW_RELU_REQUANTIZE nw_requantize_double
#include "portable/activations/relu_body.h"
