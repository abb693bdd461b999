/* Makes the instances that layer_instances.h lists. Define first: NW_PARAMS, NW_PREFIX, and NW_BODY, the file with the
 * body, whose own macros are defined here; all are undefined at the end. A program that needs a few instances only
 * defines NW_ONLY, and as 1 for each of them NW_INSTANCE_ with its suffix, as in NW_INSTANCE_i8_double. */
#ifdef NW_ONLY
#define NW_MAKES(suffix) NW_INSTANCE_##suffix
#else
#define NW_MAKES(suffix) 1
#endif
#define NW_INSTANCE(suffix) NW_PASTE(NW_PREFIX, suffix)

#define NW_ACTIVATION nw_i8
#define NW_WEIGHT nw_i8
#define NW_ACCUMULATOR nw_i32
#define NW_BIAS nw_i32
#define NW_BIAS_AT(params, bias, channel) (bias)[channel]
#if NW_MAKES(i8_double)
#define NW_KERNEL NW_INSTANCE(_i8_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(i8_double_up)
#define NW_KERNEL NW_INSTANCE(_i8_double_up)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double_up(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(i8_single)
#define NW_KERNEL NW_INSTANCE(_i8_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i16
#if NW_MAKES(i16_b32_double)
#define NW_KERNEL NW_INSTANCE(_i16_b32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(i16_b32_double_up)
#define NW_KERNEL NW_INSTANCE(_i16_b32_double_up)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double_up(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(i16_b32_single)
#define NW_KERNEL NW_INSTANCE(_i16_b32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACCUMULATOR
#define NW_ACCUMULATOR nw_i64
#undef NW_BIAS
#define NW_BIAS nw_i64
#if NW_MAKES(i16_b64_wide)
#define NW_KERNEL NW_INSTANCE(_i16_b64_wide)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i8
#undef NW_ACCUMULATOR
#define NW_ACCUMULATOR nw_i32
#undef NW_BIAS
#define NW_BIAS void
#undef NW_BIAS_AT
#define NW_BIAS_AT(params, bias, channel) nw_bias_at(&(params)->bias, bias, channel)
#if NW_MAKES(a8w8s32_double)
#define NW_KERNEL NW_INSTANCE(_a8w8s32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a8w8s32_single)
#define NW_KERNEL NW_INSTANCE(_a8w8s32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a8w8s32_by)
#define NW_KERNEL NW_INSTANCE(_a8w8s32_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_WEIGHT
#define NW_WEIGHT nw_i4
#if NW_MAKES(a8w4s32_double)
#define NW_KERNEL NW_INSTANCE(_a8w4s32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a8w4s32_single)
#define NW_KERNEL NW_INSTANCE(_a8w4s32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a8w4s32_by)
#define NW_KERNEL NW_INSTANCE(_a8w4s32_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_WEIGHT
#define NW_WEIGHT nw_i16
#if NW_MAKES(a8w16s32_double)
#define NW_KERNEL NW_INSTANCE(_a8w16s32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a8w16s32_single)
#define NW_KERNEL NW_INSTANCE(_a8w16s32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a8w16s32_by)
#define NW_KERNEL NW_INSTANCE(_a8w16s32_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACTIVATION
#define NW_ACTIVATION nw_i16
#undef NW_WEIGHT
#define NW_WEIGHT nw_i4
#if NW_MAKES(a16w4s32_double)
#define NW_KERNEL NW_INSTANCE(_a16w4s32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w4s32_single)
#define NW_KERNEL NW_INSTANCE(_a16w4s32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w4s32_by)
#define NW_KERNEL NW_INSTANCE(_a16w4s32_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_WEIGHT
#define NW_WEIGHT nw_i8
#if NW_MAKES(a16w8s32_double)
#define NW_KERNEL NW_INSTANCE(_a16w8s32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w8s32_single)
#define NW_KERNEL NW_INSTANCE(_a16w8s32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w8s32_by)
#define NW_KERNEL NW_INSTANCE(_a16w8s32_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACCUMULATOR
#define NW_ACCUMULATOR nw_i64
#if NW_MAKES(a16w8s64_wide)
#define NW_KERNEL NW_INSTANCE(_a16w8s64_wide)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w8s64_by)
#define NW_KERNEL NW_INSTANCE(_a16w8s64_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_WEIGHT
#define NW_WEIGHT nw_i4
#if NW_MAKES(a16w4s64_wide)
#define NW_KERNEL NW_INSTANCE(_a16w4s64_wide)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w4s64_by)
#define NW_KERNEL NW_INSTANCE(_a16w4s64_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_WEIGHT
#define NW_WEIGHT nw_i16
#undef NW_ACCUMULATOR
#define NW_ACCUMULATOR nw_i32
#if NW_MAKES(a16w16s32_double)
#define NW_KERNEL NW_INSTANCE(_a16w16s32_double)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_double(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w16s32_single)
#define NW_KERNEL NW_INSTANCE(_a16w16s32_single)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_single(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w16s32_by)
#define NW_KERNEL NW_INSTANCE(_a16w16s32_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACCUMULATOR
#define NW_ACCUMULATOR nw_i64
#if NW_MAKES(a16w16s64_wide)
#define NW_KERNEL NW_INSTANCE(_a16w16s64_wide)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide(&(params)->output, acc, channel)
#include NW_BODY
#endif

#if NW_MAKES(a16w16s64_by)
#define NW_KERNEL NW_INSTANCE(_a16w16s64_by)
#define NW_EPILOGUE(params, acc, channel) nw_epilogue_wide_by(&(params)->output, acc, channel)
#include NW_BODY
#endif

#undef NW_ACTIVATION
#undef NW_WEIGHT
#undef NW_ACCUMULATOR
#undef NW_BIAS
#undef NW_BIAS_AT
#undef NW_INSTANCE
#undef NW_MAKES
#undef NW_PARAMS
#undef NW_PREFIX
#undef NW_BODY
