/* FULLY_CONNECTED of widths other than 8 bits for processors with the DSP extension: four output channels at a time.
 *
 * weights, which have no zero point: for each four output channels and each four elements of a row the words of
 * dsp_four_sums.h. Rows end in zeros where their elements are no multiple of eight, and the last four channels in some
 * of zeros. channels: a record of dsp_results.h for each output channel and for those of zeros. Sums with what they
 * begin with have 32 bits. scratch: NW_DSP_ROW_SCRATCH(input_c, bytes of an element) bytes, aligned to a word. The
 * output may lie over the input as that of the portable kernel may. */
#ifndef NARROW_DSP_ROWS_H
#define NARROW_DSP_ROWS_H

#include "nw_types.h"

typedef struct {
  nw_i32 rows, input_c, output_c; /* rows of input_c elements become rows of output_c elements */
  nw_i32 min, max;                /* of results: a fused activation */
} nw_dsp_rows_params;

/* A row in lanes, and its last elements. */
#define NW_DSP_ROW_SCRATCH(elements, bytes) (((elements) + 7) / 8 * 16 + 4 * (bytes))

#endif
