/* The one body of CONV_2D; no include guard, each inclusion makes one kernel, in C99 or C++. Define first:
 *   NW_KERNEL                       name of the function; undefined again at the end, as is NW_EPILOGUE
 *   NW_ACTIVATION, NW_WEIGHT        element types
 *   NW_ACCUMULATOR                  integer type that holds the sum; products are made in it
 *   NW_BIAS, NW_BIAS_AT(params, bias, channel)  what `bias` points to, and the bias of a channel from it
 *   NW_PARAMS                       nw_conv2d_params, or a C++ type derived from it that adds what the epilogue needs
 *   NW_EPILOGUE(params, acc, channel)  the output element, a value within NW_ACTIVATION */
#include "portable/layers/conv2d.h"
#include "portable/layers/conv2d_taps.h"

static NW_ACCUMULATOR NW_PART(_dot)(const NW_ACTIVATION *x, const NW_WEIGHT *w, nw_i32 count, nw_i32 input_zero_point) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 i = 0; i < count; ++i) sum += (NW_ACCUMULATOR)w[i] * ((nw_i32)x[i] - input_zero_point);
  return sum;
}

/* input points at the first channel of the group in this batch, weights at the filter of the output channel. */
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
      sum += NW_PART(_dot)(input + pixel * p->window.input_c, weights + tap * p->filter_c, p->filter_c,
                           p->input_zero_point);
    }
  }
  return sum;
}

static void NW_PART(_pixel)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                            const NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  nw_i32 const filter_size = p->window.filter_h * p->window.filter_w * p->filter_c;
  nw_i32 const outputs_per_group = p->window.output_c / (p->window.input_c / p->filter_c);
  for (nw_i32 o = 0; o < p->window.output_c; ++o) {
    nw_i32 const first_channel = o / outputs_per_group * p->filter_c;
    NW_ACCUMULATOR acc = NW_PART(_window)(p, input + first_channel, weights + o * filter_size, out_y, out_x);
    if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(p, bias, o);
    output[o] = (NW_ACTIVATION)NW_EPILOGUE(p, acc, o);
  }
}

#include "portable/layers/pixels_body.h"
