/* The instances of FULLY_CONNECTED that chips can run: integer epilogues only. */
#include "portable/layers/fully_connected.h"

#define NW_PARAMS nw_fully_connected_params
#define NW_PREFIX nw_fully_connected
#define NW_BODY "portable/layers/fully_connected_body.h"
#include "portable/layers/layer_bodies.h"
