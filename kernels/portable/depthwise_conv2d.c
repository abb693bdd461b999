/* The instances of DEPTHWISE_CONV_2D that chips can run: integer epilogues only. */
#include "depthwise_conv2d.h"

#define NW_PARAMS nw_depthwise_conv2d_params
#define NW_WEIGHT nw_i8

#define NW_ACTIVATION nw_i8
#define NW_ACCUMULATOR nw_i32
#define NW_BIAS nw_i32

#define NW_KERNEL nw_depthwise_conv2d_i8_double
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"

#define NW_KERNEL nw_depthwise_conv2d_i8_double_up
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double_up(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"

#define NW_KERNEL nw_depthwise_conv2d_i8_single
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i16

#define NW_KERNEL nw_depthwise_conv2d_i16_b32_double
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"

#define NW_KERNEL nw_depthwise_conv2d_i16_b32_double_up
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double_up(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"

#define NW_KERNEL nw_depthwise_conv2d_i16_b32_single
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"

#undef NW_ACCUMULATOR
#undef NW_BIAS
#define NW_ACCUMULATOR nw_i64
#define NW_BIAS nw_i64

#define NW_KERNEL nw_depthwise_conv2d_i16_b64_wide
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide(&(params)->output, acc, channel)
#include "depthwise_conv2d_body.h"
