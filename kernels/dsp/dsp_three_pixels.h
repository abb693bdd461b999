/* CONV_2D of widths other than 8 bits for processors with the DSP extension: three output pixels and two channels at a
 * time. Not grouped; batches and dilations are 1.
 *
 * weights: for each pair of output channels and each four elements of a filter two words, or one of 4-bit weights, as
 * dsp_six_sums.h has them. Filters end in zeros where their elements are no multiple of eight, and the last pair in a
 * channel of zeros where channels are odd.
 * channels: a record of dsp_results.h for each output channel and for that of zeros. Sums with what they begin with
 * have 32 bits. scratch: NW_DSP_THREE_PIXELS_SCRATCH(elements of a filter, bytes of one) bytes, aligned to a word. The
 * output may lie over the input as that of the portable kernel may. */
#ifndef NARROW_DSP_THREE_PIXELS_H
#define NARROW_DSP_THREE_PIXELS_H

#include "portable/packed_window.h"

/* Three columns in lanes, and one in elements. */
#define NW_DSP_THREE_PIXELS_SCRATCH(elements, bytes) (((elements) + 7) / 8 * 8 * (6 + (bytes)))

#endif
