/* The one body of TRANSPOSE_CONV; the macros to define are those of conv2d_body.h, with NW_PARAMS
 * nw_transpose_conv_params or a C++ type derived from it.
 *
 * Each output gathers its terms, where the runtimes scatter each input into an accumulator image: integer sums do not
 * depend on order, and the gather needs no scratch. */
#include "portable/layers/transpose_conv.h"

static NW_ACCUMULATOR NW_PART(_dot)(const NW_ACTIVATION *x, NW_WEIGHTS w, nw_i32 count, nw_i32 input_zero_point) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 i = 0; i < count; ++i) sum += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, i) * ((nw_i32)x[i] - input_zero_point);
  return sum;
}

/* (y, x): position in the output before padding is cut. A tap meets an input where what is left of the position is a
 * multiple of the stride, so the taps go in steps of the stride while the input goes back by one. */
static NW_ACCUMULATOR NW_PART(_window)(const NW_FLASH NW_PARAMS *p, const NW_ACTIVATION *input, NW_WEIGHTS weights,
                                       nw_i32 y, nw_i32 x) {
  NW_ACCUMULATOR sum = 0;
  nw_i32 in_y = y / p->window.stride_h;
  for (nw_i32 ky = y % p->window.stride_h; ky < p->window.filter_h && in_y >= 0; ky += p->window.stride_h, --in_y) {
    nw_i32 in_x = x / p->window.stride_w;
    if (in_y >= p->window.input_h) continue;
    for (nw_i32 kx = x % p->window.stride_w; kx < p->window.filter_w && in_x >= 0; kx += p->window.stride_w, --in_x) {
      nw_i32 const pixel = in_y * p->window.input_w + in_x;
      nw_i32 const tap = ky * p->window.filter_w + kx;
      if (in_x >= p->window.input_w) continue;
      sum += NW_PART(_dot)(input + pixel * p->window.input_c, NW_WEIGHTS_FROM(weights, tap * p->window.input_c),
                           p->window.input_c, p->input_zero_point);
    }
  }
  return sum;
}

static void NW_PART(_pixel)(const NW_FLASH NW_PARAMS *p, const NW_ACTIVATION *input, NW_WEIGHTS weights,
                            const NW_FLASH NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  nw_i32 const filter_size = p->window.filter_h * p->window.filter_w * p->window.input_c;
  for (nw_i32 o = 0; o < p->window.output_c; ++o) {
    NW_ACCUMULATOR acc = NW_PART(_window)(p, input, NW_WEIGHTS_FROM(weights, o * filter_size),
                                          out_y + p->window.pad_top, out_x + p->window.pad_left);
    if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(p, bias, o);
    output[o] = (NW_ACTIVATION)NW_EPILOGUE(p, acc, o);
  }
}

#include "portable/layers/pixels_body.h"
