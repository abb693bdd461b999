#include "helium/helium_pool.h"

#include "helium/helium_vectors.h"

/* The part of a window that lies in the image. */
typedef struct {
  const nw_i8 *from;    /* its first pixel */
  nw_i32 rows, columns; /* above 0 */
  nw_i32 pixel, row;    /* elements from a pixel, or row, to the next */
} nw_part;

/* How sums of `count` elements become averages: (|sum| + half) / count is (|sum| + half) * factor / 2^(16 + shift), as
 * numerators stay below 2^15, factor is less than one above 2^(16 + shift) / count, and count is 2^shift to 2^(shift +
 * 1), at least 2. */
typedef struct {
  nw_i32 half, factor, shift;
} nw_division;

static nw_division nw_division_by(nw_i32 count) {
  nw_division d;
  d.half = count / 2;
  d.shift = 0;
  while (((nw_i32)2 << d.shift) < count) ++d.shift;
  d.factor = ((nw_i32)1 << (16 + d.shift)) / count + 1;
  return d;
}

#if NW_HELIUM
static NW_INLINE int16x8_t nw_quotients(int16x8_t sums, const nw_division *d, const nw_pool_params *p) {
  uint16x8_t const size = vreinterpretq_u16_s16(vaddq_n_s16(vabsq_s16(sums), (int16_t)d->half));
  uint16x8_t const high = vmulhq_u16(size, vdupq_n_u16((uint16_t)d->factor));
  int16x8_t const q = vreinterpretq_s16_u16(vshlq_r_u16(high, -d->shift));
  int16x8_t const sign = vshrq_n_s16(sums, 15);
  int16x8_t const average = vsubq_s16(veorq_s16(q, sign), sign);
  return vminq_s16(vmaxq_s16(average, vdupq_n_s16((int16_t)p->out_min)), vdupq_n_s16((int16_t)p->out_max));
}

/* Sums of up to eight channels that begin at `from`. */
static NW_INLINE int16x8_t nw_eight_sums(const nw_part *w, const nw_i8 *from) {
  int16x8_t sums = vdupq_n_s16(0);
  for (nw_i32 i = w->rows; i > 0; --i, from += w->row) {
    const nw_i8 *at = from;
    for (nw_i32 j = w->columns; j > 0; --j, at += w->pixel) sums = vaddq_s16(sums, vldrbq_s16(at));
  }
  return sums;
}

static NW_INLINE int16x8_t nw_first_sums(const nw_part *w, const nw_i8 *from, mve_pred16_t wanted) {
  int16x8_t sums = vdupq_n_s16(0);
  for (nw_i32 i = w->rows; i > 0; --i, from += w->row) {
    const nw_i8 *at = from;
    for (nw_i32 j = w->columns; j > 0; --j, at += w->pixel) sums = vaddq_s16(sums, vldrbq_z_s16(at, wanted));
  }
  return sums;
}

static NW_NOINLINE void nw_averages(const nw_pool_params *p, const nw_part *given, const nw_division *d, nw_i8 *to) {
  nw_part const w = *given;
  const nw_i8 *from = w.from;
  nw_i32 left = w.pixel;
  for (; left >= 8; left -= 8, from += 8, to += 8) vstrbq_s16(to, nw_quotients(nw_eight_sums(&w, from), d, p));
  if (left > 0) {
    mve_pred16_t const wanted = vctp16q((uint32_t)left);
    vstrbq_p_s16(to, nw_quotients(nw_first_sums(&w, from, wanted), d, p), wanted);
  }
}

static NW_NOINLINE void nw_maxima(const nw_pool_params *p, const nw_part *given, nw_i8 *to) {
  nw_part const w = *given;
  const nw_i8 *from = w.from;
  nw_bytes const min = nw_same_bytes(p->out_min), max = nw_same_bytes(p->out_max);
  nw_i32 left = w.pixel;
  for (; left >= 16; left -= 16, from += 16, to += 16) {
    nw_bytes best = min;
    const nw_i8 *line = from;
    for (nw_i32 i = w.rows; i > 0; --i, line += w.row) {
      const nw_i8 *at = line;
      for (nw_i32 j = w.columns; j > 0; --j, at += w.pixel) best = vmaxq_s8(best, nw_bytes_at(at));
    }
    nw_put_bytes(to, vminq_s8(best, max));
  }
  if (left > 0) {
    nw_bytes best = min;
    for (nw_i32 i = w.rows; i > 0; --i, from += w.row) {
      const nw_i8 *at = from;
      for (nw_i32 j = w.columns; j > 0; --j, at += w.pixel) best = vmaxq_s8(best, nw_first_bytes(at, left));
    }
    nw_put_first_bytes(to, vminq_s8(best, max), left);
  }
}
#else
static void nw_averages(const nw_pool_params *p, const nw_part *w, const nw_division *d, nw_i8 *to) {
  for (nw_i32 c = 0; c < w->pixel; ++c) {
    nw_i32 sum = 0;
    for (nw_i32 i = 0; i < w->rows; ++i)
      for (nw_i32 j = 0; j < w->columns; ++j) sum += w->from[i * w->row + j * w->pixel + c];
    nw_u32 const size = (nw_u32)((sum < 0 ? -sum : sum) + d->half);
    nw_i32 const q = (nw_i32)((size * (nw_u32)d->factor) >> 16 >> d->shift);
    to[c] = (nw_i8)nw_clamp(sum < 0 ? -q : q, p->out_min, p->out_max);
  }
}

static void nw_maxima(const nw_pool_params *p, const nw_part *w, nw_i8 *to) {
  for (nw_i32 c = 0; c < w->pixel; ++c) {
    nw_i32 best = p->out_min;
    for (nw_i32 i = 0; i < w->rows; ++i)
      for (nw_i32 j = 0; j < w->columns; ++j) {
        nw_i32 const v = w->from[i * w->row + j * w->pixel + c];
        if (v > best) best = v;
      }
    to[c] = (nw_i8)(best < p->out_max ? best : p->out_max);
  }
}
#endif

static NW_INLINE void nw_all_windows(const nw_pool_params *p, const nw_i8 *in, nw_i8 *out, int averages) {
  const nw_window *const w = &p->window;
  nw_i32 counted = 0;
  nw_division division = {0, 0, 0};
  for (nw_i32 n = 0; n < w->batches; ++n) {
    nw_i32 const b = nw_in_order(w, n, w->batches);
    for (nw_i32 i = 0; i < w->output_h; ++i) {
      nw_i32 const y = nw_in_order(w, i, w->output_h);
      nw_pool_span const rows = nw_pool_clip(y, w->stride_h, w->pad_top, w->filter_h, w->input_h);
      for (nw_i32 j = 0; j < w->output_w; ++j) {
        nw_i32 const x = nw_in_order(w, j, w->output_w);
        nw_pool_span const columns = nw_pool_clip(x, w->stride_w, w->pad_left, w->filter_w, w->input_w);
        nw_i8 *const to = out + ((b * w->output_h + y) * w->output_w + x) * w->input_c;
        nw_part part;
        part.from = in + ((b * w->input_h + rows.first) * w->input_w + columns.first) * w->input_c;
        part.rows = rows.end - rows.first;
        part.columns = columns.end - columns.first;
        part.pixel = w->input_c;
        part.row = w->input_w * w->input_c;
        if (!averages || part.rows * part.columns == 1) {
          nw_maxima(p, &part, to); /* one element is its average, too */
          continue;
        }
        if (part.rows * part.columns != counted) {
          counted = part.rows * part.columns;
          division = nw_division_by(counted);
        }
        nw_averages(p, &part, &division, to);
      }
    }
  }
}

void nw_helium_average_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out) {
  nw_all_windows(p, in, out, 1);
}

void nw_helium_max_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out) {
  nw_all_windows(p, in, out, 0);
}
