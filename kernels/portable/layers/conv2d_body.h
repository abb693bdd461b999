/* The one body of CONV_2D; no include guard, each inclusion makes one kernel, in C99 or C++. Define first:
 *   NW_KERNEL                       name of the function; undefined again at the end, as is NW_EPILOGUE
 *   NW_ACTIVATION, NW_WEIGHT        element types
 *   NW_ACCUMULATOR                  integer type that holds the sum; products are made in it
 *   NW_BIAS, NW_BIAS_AT(params, bias, channel)  what `bias` points to, and the bias of a channel from it
 *   NW_PARAMS                       nw_conv2d_params, or a C++ type derived from it that adds what the epilogue needs
 *   NW_EPILOGUE(params, acc, channel)  the output element, a value within NW_ACTIVATION */
#include "portable/layers/conv2d.h"
#include "portable/layers/conv2d_taps.h"
#include "portable/layers/dot_body.h"

/* The taps that meet the input in one pixel, as runs of elements that lie one behind the other in both the input and a
 * filter. */
typedef struct {
  nw_i32 rows, runs, length;    /* rows of taps, runs in each, elements of a run */
  nw_i32 input, input_row;      /* element of the first run in the input, and from row to row */
  nw_i32 filter, filter_row;    /* likewise in a filter */
  nw_i32 input_run, filter_run; /* from run to run */
} NW_PART(_reach);

static NW_PART(_reach) NW_PART(_taps)(const NW_FLASH NW_PARAMS *p, nw_i32 out_y, nw_i32 out_x) {
  NW_PART(_reach) r;
  nw_i32 const y0 = out_y * p->window.stride_h - p->window.pad_top;
  nw_i32 const x0 = out_x * p->window.stride_w - p->window.pad_left;
  nw_taps const ys = nw_taps_inside(y0, p->window.dilation_h, p->window.filter_h, p->window.input_h);
  nw_taps const xs = nw_taps_inside(x0, p->window.dilation_w, p->window.filter_w, p->window.input_w);
  nw_i32 const columns = xs.end > xs.begin ? xs.end - xs.begin : 0;
  int const joined = p->window.dilation_w == 1 && p->filter_c == p->window.input_c;
  r.rows = ys.end > ys.begin ? ys.end - ys.begin : 0;
  r.runs = joined ? 1 : columns;
  r.length = joined ? columns * p->filter_c : p->filter_c;
  r.input = ((y0 + ys.begin * p->window.dilation_h) * p->window.input_w + x0 + xs.begin * p->window.dilation_w) *
            p->window.input_c;
  r.input_row = p->window.dilation_h * p->window.input_w * p->window.input_c;
  r.input_run = p->window.dilation_w * p->window.input_c;
  r.filter = (ys.begin * p->window.filter_w + xs.begin) * p->filter_c;
  r.filter_row = p->window.filter_w * p->filter_c;
  r.filter_run = p->filter_c;
  return r;
}

/* The sums of four output channels; `weights` is the filter of the first, and filters are `filter_size` apart. */
static NW_NOINLINE void NW_PART(_sums4)(const NW_FLASH NW_PARAMS *p, const NW_PART(_reach) * r,
                                        const NW_ACTIVATION *input, NW_WEIGHTS weights, nw_i32 filter_size,
                                        NW_ACCUMULATOR *sums) {
  for (nw_i32 row = 0; row < r->rows; ++row) {
    const NW_ACTIVATION *x = input + r->input + row * r->input_row;
    NW_WEIGHTS w = NW_WEIGHTS_FROM(weights, r->filter + row * r->filter_row);
    for (nw_i32 run = 0; run < r->runs; ++run, x += r->input_run, w = NW_WEIGHTS_FROM(w, r->filter_run))
      NW_PART(_dot4)(x, w, filter_size, r->length, p->input_zero_point, sums);
  }
}

static NW_NOINLINE NW_ACCUMULATOR NW_PART(_sum)(const NW_FLASH NW_PARAMS *p, const NW_PART(_reach) * r,
                                                const NW_ACTIVATION *input, NW_WEIGHTS weights) {
  NW_ACCUMULATOR sum = 0;
  for (nw_i32 row = 0; row < r->rows; ++row) {
    const NW_ACTIVATION *x = input + r->input + row * r->input_row;
    NW_WEIGHTS w = NW_WEIGHTS_FROM(weights, r->filter + row * r->filter_row);
    for (nw_i32 run = 0; run < r->runs; ++run, x += r->input_run, w = NW_WEIGHTS_FROM(w, r->filter_run))
      sum += NW_PART(_dot)(x, w, r->length, p->input_zero_point);
  }
  return sum;
}

static void NW_PART(_pixel)(const NW_FLASH NW_PARAMS *p, const NW_ACTIVATION *input, NW_WEIGHTS weights,
                            const NW_FLASH NW_BIAS *bias, nw_i32 out_y, nw_i32 out_x, NW_ACTIVATION *output) {
  NW_PART(_reach) const r = NW_PART(_taps)(p, out_y, out_x);
  nw_i32 const filter_size = p->window.filter_h * p->window.filter_w * p->filter_c;
  nw_i32 const group = p->window.output_c / (p->window.input_c / p->filter_c); /* output channels of a group */
  for (nw_i32 first = 0; first < p->window.output_c; first += group, input += p->filter_c) {
    nw_i32 const end = first + group;
    nw_i32 o = first;
    while (o < end) {
      NW_ACCUMULATOR sums[4] = {0, 0, 0, 0};
      nw_i32 const count = end - o < 4 ? 1 : 4;
      if (count == 4)
        NW_PART(_sums4)(p, &r, input, NW_WEIGHTS_FROM(weights, o * filter_size), filter_size, sums);
      else
        sums[0] = NW_PART(_sum)(p, &r, input, NW_WEIGHTS_FROM(weights, o * filter_size));
      for (nw_i32 i = 0; i < count; ++i, ++o) {
        NW_ACCUMULATOR acc = sums[i];
        if (bias) acc += (NW_ACCUMULATOR)NW_BIAS_AT(p, bias, o);
        output[o] = (NW_ACTIVATION)NW_EPILOGUE(p, acc, o);
      }
    }
  }
}

#include "portable/layers/pixels_body.h"
