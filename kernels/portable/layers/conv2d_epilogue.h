/* From accumulator to output element: what the convolution family and FULLY_CONNECTED share. The runtimes differ in
 * nothing but this step; docs/arithmetic.md says which runtime uses which. */
#ifndef NARROW_CONV2D_EPILOGUE_H
#define NARROW_CONV2D_EPILOGUE_H

#include "nw_requantize.h"
#include "nw_weights.h"

/* factor[c] = multiplier[i] * 2^(shift[i] - 31) = input scale * weight scale[c] / output scale, i = c * channel_step.
 * The accumulator with its bias must fit its type, and acc * 2^shift 32 bits where shift > 0; lowering checks both. */
typedef struct {
  const NW_FLASH nw_i32 *multiplier; /* [2^30, 2^31 - 1], or 0 for a factor that vanishes */
  const NW_FLASH nw_i8 *shift;       /* [-31, 30]; [-47, 14] for the wide epilogues */
  nw_i32 channel_step;               /* 1: one entry per output channel; 0: one entry for all */
  nw_i32 zero_point;                 /* of the output, in the output's type */
  nw_i32 min, max;                   /* fused activation, in the output's type; min <= max */
  nw_i32 rounding;                   /* enum nw_rounding; read by the epilogues that take any rule */
} nw_output;

/* How biases are stored where their width is free: channel c in units of input scale * weight scale[c] * 2^shift[c]. */
typedef struct {
  const NW_FLASH nw_u8 *shift; /* one per output channel, or NULL where all are 0 */
  nw_i32 bits;                 /* 8, 16, 32 or 64: the biases are nw_i8, nw_i16, nw_i32 or nw_i64 */
} nw_bias_format;

/* The bias of a channel in units of input scale * weight scale. */
static inline nw_i64 nw_bias_at(const NW_FLASH nw_bias_format *format, const NW_FLASH void *biases, nw_i32 channel) {
  nw_i64 const step = format->shift ? (nw_i64)1 << format->shift[channel] : 1;
  switch (format->bits) {
    case 8:
      return ((const NW_FLASH nw_i8 *)biases)[channel] * step;
    case 16:
      return ((const NW_FLASH nw_i16 *)biases)[channel] * step;
    case 32:
      return ((const NW_FLASH nw_i32 *)biases)[channel] * step;
    default:
      return ((const NW_FLASH nw_i64 *)biases)[channel] * step;
  }
}

/* Clamping before the zero point is added gives the same element and cannot overflow. */
static inline nw_i32 nw_output_place(const NW_FLASH nw_output *out, nw_i32 scaled) {
  return nw_clamp(scaled, out->min - out->zero_point, out->max - out->zero_point) + out->zero_point;
}

static inline nw_i32 nw_epilogue_double(const NW_FLASH nw_output *out, nw_i32 acc, nw_i32 channel) {
  nw_i32 const i = channel * out->channel_step;
  return nw_output_place(out, nw_requantize_double(acc, out->multiplier[i], out->shift[i]));
}

static inline nw_i32 nw_epilogue_double_up(const NW_FLASH nw_output *out, nw_i32 acc, nw_i32 channel) {
  nw_i32 const i = channel * out->channel_step;
  return nw_output_place(out, nw_requantize_double_up(acc, out->multiplier[i], out->shift[i]));
}

static inline nw_i32 nw_epilogue_single(const NW_FLASH nw_output *out, nw_i32 acc, nw_i32 channel) {
  nw_i32 const i = channel * out->channel_step;
  return nw_output_place(out, nw_requantize_single(acc, out->multiplier[i], out->shift[i]));
}

static inline nw_i32 nw_epilogue_wide(const NW_FLASH nw_output *out, nw_i64 acc, nw_i32 channel) {
  nw_i32 const i = channel * out->channel_step;
  return nw_output_place(out, nw_requantize_wide(acc, out->multiplier[i], out->shift[i]));
}

static inline nw_i32 nw_epilogue_by(const NW_FLASH nw_output *out, nw_i32 acc, nw_i32 channel) {
  nw_i32 const i = channel * out->channel_step;
  return nw_output_place(out, nw_requantize_by(acc, out->multiplier[i], out->shift[i], out->rounding));
}

static inline nw_i32 nw_epilogue_wide_by(const NW_FLASH nw_output *out, nw_i64 acc, nw_i32 channel) {
  nw_i32 const i = channel * out->channel_step;
  return nw_output_place(out, nw_requantize_wide_by(acc, out->multiplier[i], out->shift[i], out->rounding));
}

/* A body names its parts after the kernel: NW_PART(_dot) is nw_conv2d_i8_double_dot. */
#define NW_PART(suffix) NW_PASTE(NW_KERNEL, suffix)

#endif
