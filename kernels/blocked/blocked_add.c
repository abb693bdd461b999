#include "blocked/blocked_add.h"

#include "blocked/blocked_channel.h"

#define NW_ADD nw_blocked_add_i8
#include "portable/packed_add_body.h"
