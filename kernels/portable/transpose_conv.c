/* The instances of TRANSPOSE_CONV that chips can run: integer epilogues only. */
#include "transpose_conv.h"

#define NW_PARAMS nw_transpose_conv_params
#define NW_PREFIX nw_transpose_conv
#define NW_BODY "transpose_conv_body.h"
#include "layer_bodies.h"
