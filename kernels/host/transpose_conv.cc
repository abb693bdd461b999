#include "transpose_conv.h"

#include <algorithm>
#include <cmath>

#include "host/mixed.h"

namespace narrow::host {
namespace {

nw_i32 scaled(const ScaledTransposeConv* p, nw_i32 acc, nw_i32 channel) {
  const nw_output& o = p->output;
  float const v = static_cast<float>(acc) * p->scale[channel];
  float const lo = static_cast<float>(o.min - o.zero_point), hi = static_cast<float>(o.max - o.zero_point);
  return static_cast<nw_i32>(std::nearbyint(std::min(std::max(v, lo), hi))) + o.zero_point;
}

nw_i32 mixed(const nw_transpose_conv_params* p, nw_i32 acc, nw_i32 channel) {
  return mixed_epilogue(p->output, acc, channel, p->window.output_c);
}

#define NW_WEIGHT nw_i8
#define NW_ACCUMULATOR nw_i32
#define NW_BIAS nw_i32
#define NW_BIAS_AT(params, bias, channel) (bias)[channel]

#define NW_ACTIVATION nw_i8
#define NW_PARAMS ScaledTransposeConv
#define NW_KERNEL run_float32
#define NW_EPILOGUE(params, acc, channel) scaled(params, acc, channel)
#include "portable/layers/transpose_conv_body.h"
#undef NW_PARAMS

#define NW_PARAMS nw_transpose_conv_params
#define NW_KERNEL run_mixed_i8
#define NW_EPILOGUE(params, acc, channel) mixed(params, acc, channel)
#include "portable/layers/transpose_conv_body.h"
#undef NW_ACTIVATION

#define NW_ACTIVATION nw_i16
#define NW_KERNEL run_mixed_i16
#define NW_EPILOGUE(params, acc, channel) mixed(params, acc, channel)
#include "portable/layers/transpose_conv_body.h"

}  // namespace

void transpose_conv_float32(const ScaledTransposeConv& p, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                            nw_i8* y) {
  run_float32(&p, x, w, bias, y, nullptr);
}

void transpose_conv_mixed(const nw_transpose_conv_params& p, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                          nw_i8* y) {
  run_mixed_i8(&p, x, w, bias, y, nullptr);
}

void transpose_conv_mixed(const nw_transpose_conv_params& p, const nw_i16* x, const nw_i8* w, const nw_i32* bias,
                          nw_i16* y) {
  run_mixed_i16(&p, x, w, bias, y, nullptr);
}

}  // namespace narrow::host
