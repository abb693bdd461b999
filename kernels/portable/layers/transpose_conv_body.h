/* The one body of TRANSPOSE_CONV; the macros to define are those of conv2d_body.h, with NW_PARAMS
 * nw_transpose_conv_params or a C++ type derived from it.
 *
 * Each output gathers its terms, where the runtimes scatter each input into an accumulator image: integer sums do not
 * depend on order, and the gather needs no scratch. */
#include "portable/layers/transpose_conv.h"

static NW_ACCUMULATOR NW_PART(_dot)(const NW_ACTIVATION *x, const NW_WEIGHT *w, nw_i32 count, nw_i32 input_offset) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 i = 0; i < count; ++i) sum += (NW_ACCUMULATOR)w[i] * ((nw_i32)x[i] + input_offset);
  return sum;
}

/* (y, x): position in the output before padding is cut. A tap meets an input where what is left of the position is a
 * multiple of the stride, so the taps go in steps of the stride while the input goes back by one. */
static NW_ACCUMULATOR NW_PART(_window)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                                       nw_i32 y, nw_i32 x) {
  NW_ACCUMULATOR sum = 0;
  nw_i32 in_y = y / p->stride_h;
  for (nw_i32 ky = y % p->stride_h; ky < p->filter_h && in_y >= 0; ky += p->stride_h, --in_y) {
    nw_i32 in_x = x / p->stride_w;
    if (in_y >= p->input_h) continue;
    for (nw_i32 kx = x % p->stride_w; kx < p->filter_w && in_x >= 0; kx += p->stride_w, --in_x) {
      nw_i32 const pixel = in_y * p->input_w + in_x;
      nw_i32 const tap = ky * p->filter_w + kx;
      if (in_x >= p->input_w) continue;
      sum += NW_PART(_dot)(input + pixel * p->input_c, weights + tap * p->input_c, p->input_c, p->input_offset);
    }
  }
  return sum;
}

static void NW_PART(_pixel)(const NW_PARAMS *p, const NW_ACTIVATION *input, const NW_WEIGHT *weights,
                            const NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  nw_i32 const filter_size = p->filter_h * p->filter_w * p->input_c;
  for (nw_i32 o = 0; o < p->output_c; ++o) {
    NW_ACCUMULATOR acc = NW_PART(_window)(p, input, weights + o * filter_size, out_y + p->pad_top, out_x + p->pad_left);
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
