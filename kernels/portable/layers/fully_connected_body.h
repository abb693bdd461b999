/* The one body of FULLY_CONNECTED; the macros to define are those of conv2d_body.h, with NW_PARAMS
 * nw_fully_connected_params or a C++ type derived from it. */
#include "portable/layers/fully_connected.h"

static NW_ACCUMULATOR NW_PART(_dot)(const NW_PARAMS *p, const NW_ACTIVATION *x, const NW_WEIGHT *w) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 i = 0; i < p->input_c; ++i)
    sum += (NW_ACCUMULATOR)((nw_i32)w[i] - p->filter_zero_point) * ((nw_i32)x[i] - p->input_zero_point);
  return sum;
}

void NW_KERNEL(const NW_PARAMS *params, const NW_ACTIVATION *input, const NW_WEIGHT *weights, const NW_BIAS *bias,
               NW_ACTIVATION *output, void *scratch) {
  (void)scratch;
  for (nw_i32 row = 0; row < params->rows; ++row) {
    const NW_ACTIVATION *const x = input + row * params->input_c;
    for (nw_i32 o = 0; o < params->output_c; ++o) {
      NW_ACCUMULATOR acc = NW_PART(_dot)(params, x, weights + o * params->input_c);
      if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(params, bias, o);
      *output++ = (NW_ACTIVATION)NW_EPILOGUE(params, acc, o);
    }
  }
}

#undef NW_KERNEL
#undef NW_EPILOGUE
