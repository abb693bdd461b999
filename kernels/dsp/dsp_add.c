#include "dsp/dsp_add.h"

#include "dsp/dsp_channel.h"

#define NW_ADD nw_dsp_add_i8
#include "portable/packed_add_body.h"
