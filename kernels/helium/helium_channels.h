/* What is known of output channels offline, and how their sums become results. */
#ifndef NARROW_HELIUM_CHANNELS_H
#define NARROW_HELIUM_CHANNELS_H

#include "helium/helium_vectors.h"

/* Four channels are four words each of: where their sums begin (the bias, less the products of the weights with the
 * input's zero point), their multipliers in [2^30, 2^31 - 1] or 0, 2^(s - 1) + (zero point of the output << s), and -s;
 * s in [1, 22]. Sums are within +-2^30. */

/* The results of sums of four channels. `*four` is at their multipliers, and moves behind their shifts:
 * nw_requantize_double with shifts of -s, the zero point added, limited to [min, max] within [-128, 127]. */
static NW_INLINE nw_words nw_four_results(nw_words sums, const nw_i32 **four, nw_words min, nw_words max) {
  nw_words const x = nw_high_words(sums, nw_next_words(four));
  nw_words const y = nw_sums(x, nw_next_words(four));
  return nw_limited(nw_shifted(y, nw_next_words(four)), min, max);
}

#endif
