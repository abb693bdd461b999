/* packed_channel.h in C for any processor. */
#ifndef NARROW_BLOCKED_CHANNEL_H
#define NARROW_BLOCKED_CHANNEL_H

#include "blocked/blocked_words.h"
/* What needs them. */
#include "portable/packed_channel.h"

#endif
