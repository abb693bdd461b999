// TRANSPOSE_CONV with the roundings that only the host computes, on the portable body.
#ifndef NARROW_KERNELS_HOST_TRANSPOSE_CONV_H
#define NARROW_KERNELS_HOST_TRANSPOSE_CONV_H

#include "host/scaled.h"
#include "portable/layers/transpose_conv.h"

namespace narrow::host {

// XNNPACK: float(acc) * scale[c], nearest, ties to even, clamped.
using ScaledTransposeConv = Scaled<nw_transpose_conv_params, float>;
void transpose_conv_float32(const ScaledTransposeConv&, const nw_i8* x, const nw_i8* w, const nw_i32* bias, nw_i8* y);

// LiteRT's optimized kernels: double rounding with ties up in whole groups of 8 channels, away from zero in the rest.
void transpose_conv_mixed(const nw_transpose_conv_params&, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                          nw_i8* y);
void transpose_conv_mixed(const nw_transpose_conv_params&, const nw_i16* x, const nw_i8* w, const nw_i32* bias,
                          nw_i16* y);

}  // namespace narrow::host

#endif
