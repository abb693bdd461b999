/* The one body of DEPTHWISE_CONV_2D; the macros to define are those of conv2d_body.h, with NW_PARAMS
 * nw_depthwise_conv2d_params or a C++ type derived from it. */
#include "portable/layers/conv2d_taps.h"
#include "portable/layers/depthwise_conv2d.h"

/* input points at the input channel in this batch, weights at the output channel in the first tap. */
static NW_ACCUMULATOR NW_PART(_window)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                                       nw_i32 out_y, nw_i32 out_x) {
  nw_i32 const y0 = out_y * p->window.stride_h - p->window.pad_top;
  nw_i32 const x0 = out_x * p->window.stride_w - p->window.pad_left;
  nw_taps const ys = nw_taps_inside(y0, p->window.dilation_h, p->window.filter_h, p->window.input_h);
  nw_taps const xs = nw_taps_inside(x0, p->window.dilation_w, p->window.filter_w, p->window.input_w);
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 ky = ys.begin; ky < ys.end; ++ky) {
    nw_i32 const row = (y0 + ky * p->window.dilation_h) * p->window.input_w;
    for (nw_i32 kx = xs.begin; kx < xs.end; ++kx) {
      nw_i32 const pixel = row + x0 + kx * p->window.dilation_w;
      nw_i32 const tap = ky * p->window.filter_w + kx;
      sum += (NW_ACCUMULATOR)weights[tap * p->window.output_c] *
             ((nw_i32)input[pixel * p->window.input_c] - p->input_zero_point);
    }
  }
  return sum;
}

static void NW_PART(_pixel)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                            const NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  nw_i32 const multiplier = p->window.output_c / p->window.input_c;
  nw_i32 o = 0;
  for (nw_i32 c = 0; c < p->window.input_c; ++c) {
    for (nw_i32 m = 0; m < multiplier; ++m, ++o) {
      NW_ACCUMULATOR acc = NW_PART(_window)(p, input + c, weights + o, out_y, out_x);
      if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(p, bias, o);
      output[o] = (NW_ACTIVATION)NW_EPILOGUE(p, acc, o);
    }
  }
}

#include "portable/layers/pixels_body.h"
