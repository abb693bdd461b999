#include "helium/helium_average_pool.h"

#include "helium/helium_vectors.h"
#include "nw_requantize.h"

enum { NW_LANES = 8 };

/* Adds up `rows` rows of `columns` pixels, of which the first lie at `from`: up to eight channels of them. */
static NW_NOINLINE void nw_eight_sums(const nw_i8 *from, nw_i32 rows, nw_i32 columns, nw_i32 pixel, nw_i32 row,
                                      nw_i32 channels, nw_i16 *sums) {
#if NW_HELIUM
  mve_pred16_t const wanted = vctp16q((uint32_t)channels);
  int16x8_t sum = vdupq_n_s16(0);
  for (; rows > 0; --rows, from += row) {
    const nw_i8 *at = from;
    for (nw_i32 j = columns; j > 0; --j, at += pixel) sum = vaddq_s16(sum, vldrbq_z_s16(at, wanted));
  }
  vstrhq_s16(sums, sum);
#else
  for (nw_i32 i = 0; i < NW_LANES; ++i) sums[i] = 0;
  for (; rows > 0; --rows, from += row)
    for (nw_i32 j = 0; j < columns; ++j)
      for (nw_i32 i = 0; i < NW_LANES && i < channels; ++i) sums[i] = (nw_i16)(sums[i] + from[j * pixel + i]);
#endif
}

/* The averages of all channels of one window. */
static void nw_average(const nw_pool_params *p, const nw_i8 *from, nw_i32 rows, nw_i32 columns, nw_i8 *to) {
  nw_i32 const depth = p->window.input_c;
  for (nw_i32 c = 0; c < depth; c += NW_LANES) {
    nw_i16 sums[NW_LANES];
    nw_i32 const channels = depth - c < NW_LANES ? depth - c : NW_LANES;
    nw_eight_sums(from + c, rows, columns, depth, p->window.input_w * depth, channels, sums);
    for (nw_i32 i = 0; i < channels; ++i)
      to[c + i] = (nw_i8)nw_clamp(nw_round_divide(sums[i], rows * columns, NW_ROUND_HALF_AWAY), p->out_min, p->out_max);
  }
}

void nw_helium_average_pool_i8(const nw_pool_params *p, const nw_i8 *in, nw_i8 *out) {
  const nw_window *const w = &p->window;
  for (nw_i32 n = 0; n < w->batches; ++n) {
    nw_i32 const b = nw_in_order(w, n, w->batches);
    for (nw_i32 i = 0; i < w->output_h; ++i) {
      nw_i32 const y = nw_in_order(w, i, w->output_h);
      nw_pool_span const rows = nw_pool_clip(y, w->stride_h, w->pad_top, w->filter_h, w->input_h);
      for (nw_i32 j = 0; j < w->output_w; ++j) {
        nw_i32 const x = nw_in_order(w, j, w->output_w);
        nw_pool_span const columns = nw_pool_clip(x, w->stride_w, w->pad_left, w->filter_w, w->input_w);
        nw_average(p, in + ((b * w->input_h + rows.first) * w->input_w + columns.first) * w->input_c,
                   rows.end - rows.first, columns.end - columns.first,
                   out + ((b * w->output_h + y) * w->output_w + x) * w->input_c);
      }
    }
  }
}
