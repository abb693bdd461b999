/* The instances of TRANSPOSE_CONV that chips can run: integer epilogues only. */
#include "portable/layers/transpose_conv.h"

#define NW_PARAMS nw_transpose_conv_params
#define NW_PREFIX nw_transpose_conv
#define NW_BODY "portable/layers/transpose_conv_body.h"
#include "portable/layers/layer_bodies.h"
