/* The instances of CONV_2D that chips can run: integer epilogues only. */
#include "portable/layers/conv2d.h"

#define NW_PARAMS nw_conv2d_params
#define NW_PREFIX nw_conv2d
#define NW_BODY "portable/layers/conv2d_body.h"
#include "portable/layers/layer_bodies.h"
