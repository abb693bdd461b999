#include "depthwise_conv.h"

#include "host/mixed.h"

namespace narrow::host {
namespace {

#define NW_ACTIVATION nw_i8
#define NW_WEIGHT nw_i8
#define NW_ACCUMULATOR nw_i32
#define NW_BIAS nw_i32
#define NW_BIAS_AT(params, bias, channel) (bias)[channel]
#define NW_PARAMS nw_depthwise_conv2d_params
#define NW_KERNEL depthwise_mixed_i8
#define NW_EPILOGUE(params, acc, channel) mixed_epilogue((params)->output, acc, channel, (params)->window.output_c)
#include "portable/layers/depthwise_conv2d_body.h"

}  // namespace

void depthwise_conv_mixed(const nw_depthwise_conv2d_params& p, const nw_i8* x, const nw_i8* w, const nw_i32* bias,
                          nw_i8* y) {
  depthwise_mixed_i8(&p, x, w, bias, y, nullptr);
}

}  // namespace narrow::host
