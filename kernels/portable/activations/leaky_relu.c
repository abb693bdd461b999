#include "portable/activations/leaky_relu.h"

#include "nw_requantize.h"

#define NW_LEAKY_RELU_NAME nw_leaky_relu_i8
#define NW_LEAKY_RELU_ACT nw_i8
#define NW_LEAKY_RELU_MIN -128
#define NW_LEAKY_RELU_MAX 127
#define NW_LEAKY_RELU_REQUANTIZE nw_requantize_double
#include "portable/activations/leaky_relu_body.h"

#define NW_LEAKY_RELU_NAME nw_leaky_relu_i16
#define NW_LEAKY_RELU_ACT nw_i16
#define NW_LEAKY_RELU_MIN -32768
#define NW_LEAKY_RELU_MAX 32767
#define NW_LEAKY_RELU_REQUANTIZE nw_requantize_double
#include "portable/activations/leaky_relu_body.h"
