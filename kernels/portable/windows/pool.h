/* AVERAGE_POOL_2D and MAX_POOL_2D over NHWC. Input and output share scale and zero point, so no requantization.
 *
 * Padding is not part of a window: an average divides by the elements it really has. Each window must hold at least
 * one element (always so under the SAME and VALID rules). TFLM, LiteRT's kernels and XNNPACK agree bit for bit, given
 * the same out_min and out_max: XNNPACK rounds the bounds of a fused activation otherwise (docs/arithmetic.md). */
#ifndef NARROW_POOL_H
#define NARROW_POOL_H

#include "portable/window.h"

typedef struct {
  nw_window window; /* output_c = input_c; average: elements of a window * 2^(bits of the activation type - 1) < 2^31 */
  nw_i32 out_min;   /* output units, zero point included; out_min <= out_max */
  nw_i32 out_max;
  nw_i32 rounding; /* enum nw_rounding; of averages by rule only */
} nw_pool_params;

/* Sum / count, nearest, ties away from zero. The zero point stays in: "zero" is the stored 0, as in the runtimes. */
void nw_average_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out);
void nw_average_pool_i16(const NW_FLASH nw_pool_params *p, const nw_i16 *in, nw_i16 *out);
/* Sum / count by `rounding`. */
void nw_average_pool_by_rule_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out);
void nw_average_pool_by_rule_i16(const NW_FLASH nw_pool_params *p, const nw_i16 *in, nw_i16 *out);

void nw_max_pool_i8(const NW_FLASH nw_pool_params *p, const nw_i8 *in, nw_i8 *out);
void nw_max_pool_i16(const NW_FLASH nw_pool_params *p, const nw_i16 *in, nw_i16 *out);

/* The part of one axis' window that lies in the input: elements [first, end). */
typedef struct {
  nw_i32 first;
  nw_i32 end;
} nw_pool_span;

static inline nw_pool_span nw_pool_clip(nw_i32 out, nw_i32 stride, nw_i32 pad, nw_i32 filter, nw_i32 extent) {
  nw_i32 const origin = out * stride - pad;
  nw_pool_span s;
  s.first = origin > 0 ? origin : 0;
  s.end = origin + filter < extent ? origin + filter : extent;
  return s;
}

#endif
