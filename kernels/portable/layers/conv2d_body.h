/* The one body of CONV_2D; no include guard, each inclusion makes one kernel, in C99 or C++. Define first:
 *   NW_KERNEL                       name of the function; undefined again at the end, as is NW_EPILOGUE
 *   NW_ACTIVATION, NW_WEIGHT        element types
 *   NW_ACCUMULATOR                  integer type that holds the sum; products are made in it
 *   NW_BIAS, NW_BIAS_AT(bias, channel)  what `bias` points to, and the bias of a channel from it
 *   NW_PARAMS                       nw_conv2d_params, or a C++ type derived from it that adds what the epilogue needs
 *   NW_EPILOGUE(params, acc, channel)  the output element, a value within NW_ACTIVATION */
#include "portable/layers/conv2d.h"
#include "portable/layers/conv2d_taps.h"

static NW_ACCUMULATOR NW_PART(_dot)(const NW_ACTIVATION *x, const NW_WEIGHT *w, nw_i32 count, nw_i32 input_offset) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 i = 0; i < count; ++i) sum += (NW_ACCUMULATOR)w[i] * ((nw_i32)x[i] + input_offset);
  return sum;
}

/* input points at the first channel of the group in this batch, weights at the filter of the output channel. */
static NW_ACCUMULATOR NW_PART(_window)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                                       nw_i32 out_y, nw_i32 out_x) {
  nw_i32 const y0 = out_y * p->stride_h - p->pad_top;
  nw_i32 const x0 = out_x * p->stride_w - p->pad_left;
  nw_taps const ys = nw_taps_inside(y0, p->dilation_h, p->filter_h, p->input_h);
  nw_taps const xs = nw_taps_inside(x0, p->dilation_w, p->filter_w, p->input_w);
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 ky = ys.begin; ky < ys.end; ++ky) {
    nw_i32 const row = (y0 + ky * p->dilation_h) * p->input_w;
    for (nw_i32 kx = xs.begin; kx < xs.end; ++kx) {
      nw_i32 const pixel = row + x0 + kx * p->dilation_w;
      nw_i32 const tap = ky * p->filter_w + kx;
      sum += NW_PART(_dot)(input + pixel * p->input_c, weights + tap * p->filter_c, p->filter_c, p->input_offset);
    }
  }
  return sum;
}

static void NW_PART(_pixel)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                            const NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  nw_i32 const filter_size = p->filter_h * p->filter_w * p->filter_c;
  nw_i32 const outputs_per_group = p->output_c / (p->input_c / p->filter_c);
  for (nw_i32 o = 0; o < p->output_c; ++o) {
    nw_i32 const first_channel = o / outputs_per_group * p->filter_c;
    NW_ACCUMULATOR acc = NW_PART(_window)(p, input + first_channel, weights + o * filter_size, out_y, out_x);
    if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(bias, o);
    output[o] = (NW_ACTIVATION)NW_EPILOGUE(p, acc, o);
  }
}

void NW_KERNEL(const NW_PARAMS *params, const NW_ACTIVATION *input, const NW_WEIGHT *weights, const NW_BIAS *bias,
               NW_ACTIVATION *output, void *scratch) {
  nw_i32 const image = params->input_h * params->input_w * params->input_c;
  (void)scratch;
  for (nw_i32 b = 0; b < params->batches; ++b) {
    for (nw_i32 y = 0; y < params->output_h; ++y) {
      for (nw_i32 x = 0; x < params->output_w; ++x) {
        NW_PART(_pixel)(params, input + b * image, weights, bias, y, x, output);
        output += params->output_c;
      }
    }
  }
}

#undef NW_KERNEL
#undef NW_EPILOGUE
