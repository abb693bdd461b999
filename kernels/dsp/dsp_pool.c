#include "dsp/dsp_pool.h"

#include "dsp/dsp_four.h"

/* The part of a window that lies in the image. */
typedef struct {
  const nw_i8 *from;    /* its first pixel */
  nw_i32 rows, columns; /* above 0 */
  nw_i32 pixel, row;    /* elements from a pixel, or row, to the next */
} nw_part;

/* What is computed of four channels with others together: the largest elements, or sums of 16 bits of elements 0 and 2,
 * and of 1 and 3. */
static NW_INLINE void nw_max_of_four(const nw_part *w, const nw_i8 *from, nw_u32 min, nw_u32 max, nw_i8 *to,
                                     nw_i32 words) {
  nw_u32 first = min, second = min;
  for (nw_i32 i = w->rows; i > 0; --i, from += w->row) {
    const nw_i8 *at = from;
    for (nw_i32 j = w->columns; j > 0; --j, at += w->pixel) {
      first = nw_larger_four(first, nw_four_bytes(at));
      if (words > 1) second = nw_larger_four(second, nw_four_bytes(at + 4));
    }
  }
  nw_put_four_bytes(to, nw_smaller_four(first, max));
  if (words > 1) nw_put_four_bytes(to + 4, nw_smaller_four(second, max));
}

static NW_INLINE nw_i8 nw_average_of(nw_i32 sum, nw_i32 count, nw_i32 half) {
  return (nw_i8)((sum > 0 ? sum + half : sum - half) / count);
}

static NW_INLINE void nw_put_averages(nw_u32 even, nw_u32 odd, const nw_part *w, nw_i8 *to) {
  nw_i32 const count = w->rows * w->columns, half = count / 2;
  to[0] = nw_average_of(nw_low(even), count, half);
  to[1] = nw_average_of(nw_low(odd), count, half);
  to[2] = nw_average_of(nw_high(even), count, half);
  to[3] = nw_average_of(nw_high(odd), count, half);
}

static NW_INLINE void nw_average_of_four(const nw_part *w, const nw_i8 *from, nw_i8 *to, nw_i32 words) {
  nw_u32 even = 0, odd = 0, more_even = 0, more_odd = 0;
  for (nw_i32 i = w->rows; i > 0; --i, from += w->row) {
    const nw_i8 *at = from;
    for (nw_i32 j = w->columns; j > 0; --j, at += w->pixel) {
      nw_u32 const first = nw_four_bytes(at);
      even = nw_plus_even(even, first);
      odd = nw_plus_odd(odd, first);
      if (words > 1) {
        nw_u32 const second = nw_four_bytes(at + 4);
        more_even = nw_plus_even(more_even, second);
        more_odd = nw_plus_odd(more_odd, second);
      }
    }
  }
  nw_put_averages(even, odd, w, to);
  if (words > 1) nw_put_averages(more_even, more_odd, w, to + 4);
}

/* The channels of one window. */
static void nw_max_window(const nw_pool_params *p, const nw_part *w, nw_i8 *to) {
  nw_u32 const min = nw_same_four(p->out_min), max = nw_same_four(p->out_max);
  nw_i32 const depth = w->pixel;
  nw_i32 c = 0;
  for (; c + 8 <= depth; c += 8) nw_max_of_four(w, w->from + c, min, max, to + c, 2);
  for (; c + 4 <= depth; c += 4) nw_max_of_four(w, w->from + c, min, max, to + c, 1);
  for (; c < depth; ++c) {
    nw_i32 best = p->out_min;
    for (nw_i32 i = 0; i < w->rows; ++i)
      for (nw_i32 j = 0; j < w->columns; ++j) {
        nw_i32 const v = w->from[i * w->row + j * depth + c];
        if (v > best) best = v;
      }
    to[c] = (nw_i8)(best < p->out_max ? best : p->out_max);
  }
}

static void nw_average_window(const nw_pool_params *p, const nw_part *w, nw_i8 *to) {
  nw_i32 const depth = w->pixel;
  nw_i32 c = 0;
  for (; c + 8 <= depth; c += 8) nw_average_of_four(w, w->from + c, to + c, 2);
  for (; c + 4 <= depth; c += 4) nw_average_of_four(w, w->from + c, to + c, 1);
  for (; c < depth; ++c) {
    nw_i32 sum = 0;
    for (nw_i32 i = 0; i < w->rows; ++i)
      for (nw_i32 j = 0; j < w->columns; ++j) sum += w->from[i * w->row + j * depth + c];
    to[c] = nw_average_of(sum, w->rows * w->columns, w->rows * w->columns / 2);
  }
  nw_limit_all(to, depth, p->out_min, p->out_max);
}

static NW_INLINE void nw_all_windows(const nw_pool_params *p, const nw_i8 *in, nw_i8 *out,
                                     void (*window)(const nw_pool_params *, const nw_part *, nw_i8 *)) {
  const nw_window *const w = &p->window;
  for (nw_i32 n = 0; n < w->batches; ++n) {
    nw_i32 const b = nw_in_order(w, n, w->batches);
    for (nw_i32 i = 0; i < w->output_h; ++i) {
      nw_i32 const y = nw_in_order(w, i, w->output_h);
      nw_pool_span const rows = nw_pool_clip(y, w->stride_h, w->pad_top, w->filter_h, w->input_h);
      for (nw_i32 j = 0; j < w->output_w; ++j) {
        nw_i32 const x = nw_in_order(w, j, w->output_w);
        nw_pool_span const columns = nw_pool_clip(x, w->stride_w, w->pad_left, w->filter_w, w->input_w);
        nw_part part;
        part.from = in + ((b * w->input_h + rows.first) * w->input_w + columns.first) * w->input_c;
        part.rows = rows.end - rows.first;
        part.columns = columns.end - columns.first;
        part.pixel = w->input_c;
        part.row = w->input_w * w->input_c;
        window(p, &part, out + ((b * w->output_h + y) * w->output_w + x) * w->input_c);
      }
    }
  }
}

void nw_dsp_average_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out) {
  nw_all_windows(p, in, out, nw_average_window);
}

void nw_dsp_max_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out) {
  nw_all_windows(p, in, out, nw_max_window);
}
