/* RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR, NHWC; input and output share scale and zero point.
 *
 * Bilinear (TFLM int8; LiteRT reference int8 and all int16): positions in 1/1024 input pixels.
 *   step = (1024 * in + out / 2) / out, integers; align_corners, out > 1: (1024 * (in - 1) + (out - 1) / 2) /
 *   (out - 1).
 *   first = half_pixel_centers ? step / 2 - 512 : 0; output pixel i samples at first + i * step.
 * Parts (XNNPACK int8): positions are computed in float32 by the runtime, hence come as two lists; one rounding, ties
 *   up.
 * Nearest: the source of each row and column is computed in float32 by the runtimes, hence comes as two lists
 *   (nearest_sources in src/ops/integer/tables.h). */
#ifndef NARROW_RESIZE_H
#define NARROW_RESIZE_H

#include "nw_types.h"

/* One spatial axis. */
typedef struct {
  nw_i32 in;    /* input extent, >= 1 */
  nw_i32 out;   /* output extent, >= 1 */
  nw_i32 first; /* position of output pixel 0, 1/1024 input pixels; may be negative, above -1024 */
  nw_i32 step;  /* >= 0; first + (out - 1) * step below 1024 * in (beyond, LiteRT reads outside its input) */
} nw_resize_axis;

typedef struct {
  nw_i32 batches;
  nw_i32 depth;
  nw_resize_axis height;
  nw_resize_axis width;
} nw_resize_bilinear_params;

typedef struct {
  nw_i32 batches;
  nw_i32 in_height;
  nw_i32 in_width;
  nw_i32 out_height;
  nw_i32 out_width;
  nw_i32 depth;
  /* For each output row: the input rows above and below, and how far it is from the upper one in 1/2048. */
  const NW_FLASH nw_i32 *row_source;    /* 3 * out_height */
  const NW_FLASH nw_i32 *column_source; /* 3 * out_width, likewise for columns */
} nw_resize_parts_params;

typedef struct {
  nw_i32 batches;
  nw_i32 in_height;
  nw_i32 in_width;
  nw_i32 out_height;
  nw_i32 out_width;
  nw_i32 pixel_bytes;               /* depth * element size */
  const NW_FLASH nw_u16 *row_of;    /* out_height entries, each below in_height */
  const NW_FLASH nw_u16 *column_of; /* out_width entries, each below in_width */
} nw_resize_nearest_params;

/* The axis under the formulas above. 1024 * in, 1024 * (out - 1) * in / out below 2^31. */
nw_resize_axis nw_resize_axis_of(nw_i32 in, nw_i32 out, int align_corners, int half_pixel_centers);

/* out must not overlap in. */
void nw_resize_bilinear_i8(const NW_FLASH nw_resize_bilinear_params *p, const nw_i8 *in, nw_i8 *out);
void nw_resize_bilinear_i16(const NW_FLASH nw_resize_bilinear_params *p, const nw_i16 *in, nw_i16 *out);
void nw_resize_parts_i8(const NW_FLASH nw_resize_parts_params *p, const nw_i8 *in, nw_i8 *out);
void nw_resize_nearest(const NW_FLASH nw_resize_nearest_params *p, const void *in, void *out);

#endif
