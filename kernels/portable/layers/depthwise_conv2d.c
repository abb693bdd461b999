/* The instances of DEPTHWISE_CONV_2D that chips can run: integer epilogues only. */
#include "portable/layers/depthwise_conv2d.h"

#define NW_PARAMS nw_depthwise_conv2d_params
#define NW_PREFIX nw_depthwise_conv2d
#define NW_BODY "portable/layers/depthwise_conv2d_body.h"
#include "portable/layers/layer_bodies.h"
