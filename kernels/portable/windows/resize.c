#include "portable/windows/resize.h"

#include "nw_memory.h"
#include "nw_requantize.h"

/* The two input pixels around a sample, and how far the sample is from the lower one in 1/1024. Left of pixel 0 both
 * are pixel 0 and part is negative: the weights still sum to 1. */
typedef struct {
  nw_i32 low;
  nw_i32 high;
  nw_i32 part;
} resize_pair;

static inline resize_pair resize_neighbours(const NW_FLASH nw_resize_axis *axis, nw_i32 i) {
  nw_i32 const at = axis->first + i * axis->step;
  nw_i32 const last = axis->in - 1;
  resize_pair pair;
  pair.low = nw_clamp(at / 1024, 0, last);
  pair.high = nw_clamp((at + 1023) / 1024, 0, last);
  pair.part = at - 1024 * pair.low;
  return pair;
}

nw_resize_axis nw_resize_axis_of(nw_i32 in, nw_i32 out, int align_corners, int half_pixel_centers) {
  nw_i32 const corner = align_corners && out > 1;
  nw_resize_axis axis;
  axis.in = in;
  axis.out = out;
  axis.step = (1024 * (in - corner) + (out - corner) / 2) / (out - corner);
  axis.first = half_pixel_centers ? axis.step / 2 - 512 : 0;
  return axis;
}

/* Nearest, ties away from zero. */
static inline nw_i32 round_away_i32(nw_i32 sum) {
  return nw_round_shift_away(sum, 20);
}
static inline nw_i32 round_away_i64(nw_i64 sum) {
  nw_i64 const half = (nw_i64)1 << 19;
  return (nw_i32)((sum > 0 ? sum + half : sum - half) / ((nw_i64)1 << 20));
}

#define NW_RESIZE_NAME nw_resize_bilinear_i8
#define NW_RESIZE_ACT nw_i8
#define NW_RESIZE_ACC nw_i32
#define NW_RESIZE_ROUND round_away_i32
#include "portable/windows/resize_body.h"

#define NW_RESIZE_NAME nw_resize_bilinear_i16
#define NW_RESIZE_ACT nw_i16
#define NW_RESIZE_ACC nw_i64
#define NW_RESIZE_ROUND round_away_i64
#include "portable/windows/resize_body.h"

void nw_resize_parts_i8(const NW_FLASH nw_resize_parts_params *p, const nw_i8 *in, nw_i8 *out) {
  nw_i32 const row = p->in_width * p->depth;
  for (nw_i32 b = 0; b < p->batches; ++b, in += p->in_height * row) {
    for (nw_i32 y = 0; y < p->out_height; ++y) {
      const NW_FLASH nw_i32 *v = p->row_source + 3 * y;
      for (nw_i32 x = 0; x < p->out_width; ++x) {
        const NW_FLASH nw_i32 *h = p->column_source + 3 * x;
        const nw_i8 *upper = in + v[0] * row;
        const nw_i8 *lower = in + v[1] * row;
        for (nw_i32 c = 0; c < p->depth; ++c) {
          nw_i32 const left = h[0] * p->depth + c;
          nw_i32 const right = h[1] * p->depth + c;
          nw_i32 const top = upper[left] * 2048 + (upper[right] - upper[left]) * h[2];
          nw_i32 const bottom = lower[left] * 2048 + (lower[right] - lower[left]) * h[2];
          *out++ = (nw_i8)nw_round_shift_up(top * 2048 + (bottom - top) * v[2], 22);
        }
      }
    }
  }
}

void nw_resize_nearest(const NW_FLASH nw_resize_nearest_params *p, const void *in, void *out) {
  size_t const pixel = (size_t)p->pixel_bytes;
  size_t const row = pixel * (size_t)p->in_width;
  const char *from = (const char *)in;
  char *to = (char *)out;
  for (nw_i32 b = 0; b < p->batches; ++b, from += row * (size_t)p->in_height)
    for (nw_i32 y = 0; y < p->out_height; ++y)
      for (nw_i32 x = 0; x < p->out_width; ++x, to += pixel)
        nw_copy_run(to, from + p->row_of[y] * row + p->column_of[x] * pixel, pixel);
}
