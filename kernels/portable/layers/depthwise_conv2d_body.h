/* The one body of DEPTHWISE_CONV_2D; the macros to define are those of conv2d_body.h, with NW_PARAMS
 * nw_depthwise_conv2d_params or a C++ type derived from it. */
#include "portable/layers/conv2d_taps.h"
#include "portable/layers/depthwise_conv2d.h"

/* The taps that meet the input in one pixel: elements of the first one, and from tap to tap. */
typedef struct {
  nw_i32 rows, columns;
  nw_i32 input, input_row, input_column;
  nw_i32 filter, filter_row;
} NW_PART(_reach);

static NW_PART(_reach) NW_PART(_taps)(const NW_FLASH NW_PARAMS *p, nw_i32 out_y, nw_i32 out_x) {
  NW_PART(_reach) r;
  nw_i32 const y0 = out_y * p->window.stride_h - p->window.pad_top;
  nw_i32 const x0 = out_x * p->window.stride_w - p->window.pad_left;
  nw_taps const ys = nw_taps_inside(y0, p->window.dilation_h, p->window.filter_h, p->window.input_h);
  nw_taps const xs = nw_taps_inside(x0, p->window.dilation_w, p->window.filter_w, p->window.input_w);
  r.rows = ys.end - ys.begin;
  r.columns = xs.end - xs.begin;
  r.input = ((y0 + ys.begin * p->window.dilation_h) * p->window.input_w + x0 + xs.begin * p->window.dilation_w) *
            p->window.input_c;
  r.input_row = p->window.dilation_h * p->window.input_w * p->window.input_c;
  r.input_column = p->window.dilation_w * p->window.input_c;
  r.filter = (ys.begin * p->window.filter_w + xs.begin) * p->window.output_c;
  r.filter_row = p->window.filter_w * p->window.output_c;
  return r;
}

/* input points at the input channel in this batch, weights at the output channel in the first tap. */
static NW_NOINLINE NW_ACCUMULATOR NW_PART(_sum)(const NW_FLASH NW_PARAMS *p, const NW_PART(_reach) * r,
                                                const NW_ACTIVATION *input, NW_WEIGHTS weights) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 ky = 0; ky < r->rows; ++ky) {
    const NW_ACTIVATION *x = input + r->input + ky * r->input_row;
    NW_WEIGHTS w = NW_WEIGHTS_FROM(weights, r->filter + ky * r->filter_row);
    for (nw_i32 kx = 0; kx < r->columns; ++kx, x += r->input_column, w = NW_WEIGHTS_FROM(w, p->window.output_c))
      sum += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, 0) * ((nw_i32)*x - p->input_zero_point);
  }
  return sum;
}

/* The sums of four channels beside each other, where an input channel has one output channel. */
static NW_NOINLINE void NW_PART(_sums4)(const NW_FLASH NW_PARAMS *p, const NW_PART(_reach) * r,
                                        const NW_ACTIVATION *input, NW_WEIGHTS weights, NW_ACCUMULATOR *sums) {
  nw_i32 const zero_point = p->input_zero_point;
  NW_ACCUMULATOR a = 0, b = 0, c = 0, d = 0;
  for (nw_i32 ky = 0; ky < r->rows; ++ky) {
    const NW_ACTIVATION *x = input + r->input + ky * r->input_row;
    NW_WEIGHTS w = NW_WEIGHTS_FROM(weights, r->filter + ky * r->filter_row);
    if (NW_WEIGHTS_PAIRED(w, p->window.output_c)) {
      const NW_FLASH nw_i8 *pairs = NW_WEIGHT_PAIRS(w);
      for (nw_i32 kx = 0; kx < r->columns; ++kx, x += r->input_column, pairs += p->window.output_c / 2) {
        nw_i32 const first = pairs[0], second = pairs[1];
        a += (NW_ACCUMULATOR)NW_LOW(first) * ((nw_i32)x[0] - zero_point);
        b += (NW_ACCUMULATOR)NW_HIGH(first) * ((nw_i32)x[1] - zero_point);
        c += (NW_ACCUMULATOR)NW_LOW(second) * ((nw_i32)x[2] - zero_point);
        d += (NW_ACCUMULATOR)NW_HIGH(second) * ((nw_i32)x[3] - zero_point);
      }
      continue;
    }
    for (nw_i32 kx = 0; kx < r->columns; ++kx, x += r->input_column, w = NW_WEIGHTS_FROM(w, p->window.output_c)) {
      a += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, 0) * ((nw_i32)x[0] - zero_point);
      b += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, 1) * ((nw_i32)x[1] - zero_point);
      c += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, 2) * ((nw_i32)x[2] - zero_point);
      d += (NW_ACCUMULATOR)NW_WEIGHT_AT(w, 3) * ((nw_i32)x[3] - zero_point);
    }
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

static void NW_PART(_pixel)(const NW_FLASH NW_PARAMS *p, const NW_ACTIVATION *input, NW_WEIGHTS weights,
                            const NW_FLASH NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  NW_PART(_reach) const r = NW_PART(_taps)(p, out_y, out_x);
  nw_i32 const multiplier = p->window.output_c / p->window.input_c;
  nw_i32 o = 0;
  while (o < p->window.output_c) {
    NW_ACCUMULATOR sums[4];
    nw_i32 const count = multiplier == 1 && p->window.output_c - o >= 4 ? 4 : 1;
    if (count == 4)
      NW_PART(_sums4)(p, &r, input + o, NW_WEIGHTS_FROM(weights, o), sums);
    else
      sums[0] = NW_PART(_sum)(p, &r, input + o / multiplier, NW_WEIGHTS_FROM(weights, o));
    for (nw_i32 i = 0; i < count; ++i, ++o) {
      NW_ACCUMULATOR acc = sums[i];
      if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(p, bias, o);
      output[o] = (NW_ACTIVATION)NW_EPILOGUE(p, acc, o);
    }
  }
}

#include "portable/layers/pixels_body.h"
