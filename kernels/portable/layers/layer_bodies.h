/* Makes the instances that layer_instances.h lists. Define first: NW_PARAMS, NW_PREFIX, and NW_BODY, the file with the
 * body, whose own macros are defined here. */
#define NW_INSTANCE(suffix) NW_PASTE(NW_PREFIX, suffix)

#define NW_BIAS_AT(bias, channel) (bias)[channel]
#define NW_WEIGHT nw_i8

#define NW_ACTIVATION nw_i8
#define NW_ACCUMULATOR nw_i32
#define NW_BIAS nw_i32

#define NW_KERNEL NW_INSTANCE(_i8_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY

#define NW_KERNEL NW_INSTANCE(_i8_double_up)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double_up(&(params)->output, acc, channel)
#include NW_BODY

#define NW_KERNEL NW_INSTANCE(_i8_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i16

#define NW_KERNEL NW_INSTANCE(_i16_b32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY

#define NW_KERNEL NW_INSTANCE(_i16_b32_double_up)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double_up(&(params)->output, acc, channel)
#include NW_BODY

#define NW_KERNEL NW_INSTANCE(_i16_b32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_ACCUMULATOR
#undef NW_BIAS
#define NW_ACCUMULATOR nw_i64
#define NW_BIAS nw_i64

#define NW_KERNEL NW_INSTANCE(_i16_b64_wide)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_BIAS
#undef NW_BIAS_AT
#define NW_BIAS nw_bias
#define NW_BIAS_AT(bias, channel) nw_bias_at(bias, channel)

#define NW_KERNEL NW_INSTANCE(_a16w8s64)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide_by(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_WEIGHT
#define NW_WEIGHT nw_i16

#define NW_KERNEL NW_INSTANCE(_a16w16s64)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide_by(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_ACCUMULATOR
#define NW_ACCUMULATOR nw_i32

#define NW_KERNEL NW_INSTANCE(_a16w16s32)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i8

#define NW_KERNEL NW_INSTANCE(_a8w16s32)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_WEIGHT
#define NW_WEIGHT nw_i8

#define NW_KERNEL NW_INSTANCE(_a8w8s32)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i16

#define NW_KERNEL NW_INSTANCE(_a16w8s32)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
