/* packed_channel.h with the instructions of the DSP extension: SMMULR is nw_high_word. */
#ifndef NARROW_DSP_CHANNEL_H
#define NARROW_DSP_CHANNEL_H

#include "dsp/dsp_words.h"
/* What needs them. */
#include "portable/packed_channel.h"

#endif
