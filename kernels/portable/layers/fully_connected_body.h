/* The one body of FULLY_CONNECTED; the macros to define are those of conv2d_body.h, with NW_PARAMS
 * nw_fully_connected_params or a C++ type derived from it. */
#include "portable/layers/dot_body.h"
#include "portable/layers/fully_connected.h"

/* The sums of `count` outputs, 1 or 4, whose weights are `input_c` elements apart. */
static NW_NOINLINE void NW_PART(_sums)(const NW_FLASH NW_PARAMS *p, const NW_ACTIVATION *x, NW_WEIGHTS w, nw_i32 count,
                                       NW_ACCUMULATOR *sums) {
  if (count == 4) {
    NW_PART(_dot4)(x, w, p->input_c, p->input_c, p->input_zero_point, sums);
  } else if (p->filter_zero_point == 0) {
    sums[0] = NW_PART(_dot)(x, w, p->input_c, p->input_zero_point);
  } else {
    for (nw_i32 i = 0; i < p->input_c; ++i)
      sums[0] +=
          (NW_ACCUMULATOR)((nw_i32)NW_WEIGHT_AT(w, i) - p->filter_zero_point) * ((nw_i32)x[i] - p->input_zero_point);
  }
}

void NW_KERNEL(const NW_FLASH NW_PARAMS *params, const NW_ACTIVATION *input, const NW_FLASH NW_STORED_WEIGHT *weights,
               const NW_FLASH NW_BIAS *bias, NW_ACTIVATION *output, void *scratch) {
  (void)scratch;
  for (nw_i32 row = 0; row < params->rows; ++row) {
    const NW_ACTIVATION *const x = input + row * params->input_c;
    nw_i32 o = 0;
    while (o < params->output_c) {
      NW_ACCUMULATOR sums[4] = {0, 0, 0, 0};
      nw_i32 const count = params->filter_zero_point == 0 && params->output_c - o >= 4 ? 4 : 1;
      NW_PART(_sums)(params, x, NW_WEIGHTS_FROM(NW_WEIGHTS_IN(weights), o * params->input_c), count, sums);
      for (nw_i32 i = 0; i < count; ++i, ++o) {
        NW_ACCUMULATOR acc = sums[i];
        if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(params, bias, o);
        *output++ = (NW_ACTIVATION)NW_EPILOGUE(params, acc, o);
      }
    }
  }
}

#undef NW_KERNEL
#undef NW_EPILOGUE
