// What TensorFlow Lite Micro's reference kernels accept. It looks at no operator's version.
// Source: tensorflow/tflite-micro at 90b983c2: the ops from micro/micro_mutable_op_resolver.h, types and conditions
// from the Prepare and Eval of micro/kernels/<op>.cc and <op>_common.cc (named where the file is another's); types and
// numbers of dimensions confirmed with the interpreter of the tflite_micro package of 2026-10-23.
#include "verify/rules.h"

namespace narrow {
namespace {

constexpr const char* kSignal = "any* -> any*";  // signal/micro/kernels/<op>.cc; options are checked by the op alone

constexpr OpRow kTflmRows[] = {
    // elementwise.cc
    {"ABS", {}, "f32 i8 i16: T -> T", {scaled_alike, centred16}},
    {"ADD", {}, "f32 i8 i16 i32: T T -> T", {scaled, per_tensor, centred16, sum_fits, broadcast_rank<6>}},
    {"ADD_N", {}, "f32 i8: T T T* -> T", {scaled, per_tensor, alike<DType::int8>}},
    // arg_min_max.cc
    {"ARG_MAX", {}, "f32|i8 i32 -> i32"},
    {"ARG_MIN", {}, "f32|i8 i32 -> i32"},
    {"ASSIGN_VARIABLE", {}, "res|i32 any ->"},
    // pooling.cc
    {"AVERAGE_POOL_2D", {}, "f32 i8 i16: T -> T", {per_tensor, aligned, data_rank<4, 4>}},
    {"BATCH_MATMUL", {}, "f32 i8 i16: T T -> T", {scaled, per_tensor, centred16, rank_at_most<5>}},
    {"BATCH_TO_SPACE_ND", {}, "f32 i8: T i32 i32 -> T", {aligned, data_rank<3, 4>}},
    {"BROADCAST_ARGS", {}, "i32 i64: T T -> T"},
    {"BROADCAST_TO",
     {},
     "f32 f16 f64 u8 i8 i16 i32 u32 i64 bool: T i32|i64 -> T",
     {aligned, constant<1>, rank_at_most<5>}},
    {"CALL_ONCE", {}, "->"},
    {"CAST", {}, "i8|i16|i32|u32|f32|bool -> i8|i16|i32|u32|f32|bool"},
    {"CEIL", {}, "f32 -> f32"},
    {"CIRCULAR_BUFFER", {}, "i8 -> i8"},
    {"CONCATENATION",
     {},
     "f32 i8 i16 i32 i64 bool: T T* -> T",
     {aligned_or_refused, centred16, no_activation, operands_at_most<10>, rank_at_most<6>}},
    // conv.cc; has no hybrid form
    {"CONV_2D",
     {},
     "f32 f32 f32? -> f32; i8 i8|i4 i32? -> i8; i16 i8 i32|i64? -> i16",
     {scaled, weights<1, 0>, bias<2, 0, 1>, bias_as_stated, centred16, data_rank<4, 4>}},
    {"COS", {}, "f32 -> f32"},
    {"CUMSUM", {}, "f32 i8: T i32 -> T", {scaled, per_tensor}},
    {"DEPTHWISE_CONV_2D",
     {},
     "f32 f32 f32? -> f32; i8 i8|i4 i32? -> i8; i16 i8 i64? -> i16",
     {scaled, weights<1, 3>, bias<2, 0, 1>, centred16, data_rank<4, 4>}},
    {"DEPTH_TO_SPACE", {}, "f32 i8: T -> T", {aligned, data_rank<4, 4>}},
    {"DEQUANTIZE", {}, "i8|i16|u8 -> f32", {scaled, per_tensor}},
    {"DIV", {}, "f32 i8 i32: T T -> T", {scaled, per_tensor, broadcast_rank<6>}},
    {"DYNAMIC_UPDATE_SLICE", {}, "f32 i8 i16 i32: T T i32|i64 -> T", {aligned, rank_at_most<6>}},
    {"ELU", {}, "f32 i8: T -> T", {scaled, per_tensor}},
    {"EMBEDDING_LOOKUP", {}, "i32 f32 -> f32; i32 i8 -> i8|f32", {aligned}},
    {"EQUAL", {}, "bool f32 i32 i64 i8: T T -> bool", {scaled_alike, per_tensor, scales_below_one, broadcast_rank<6>}},
    {"EXP", {}, "f32 -> f32"},
    {"EXPAND_DIMS", {}, "f32 i8 i16: T i32|i64 -> T", {aligned, constant<1>, rank_at_most<8>}},
    {"FILL", {}, "f32 i8 i32: i32|i64 T -> T", {aligned, constant<0>}},
    {"FLOOR", {}, "f32 -> f32"},
    {"FLOOR_DIV", {}, "f32 f32 -> f32", {broadcast_rank<6>}},
    {"FLOOR_MOD", {}, "f32 f32 -> f32", {broadcast_rank<6>}},
    {"FULLY_CONNECTED",
     {},
     "f32 f32 f32? -> f32; i8 i8|i4 i32? -> i8; i16 i8 i32|i64? -> i16",
     {scaled, shifted_weights<1, 0>, one_scale_for_int4<1>, bias<2, 0, 1>, bias_as_stated, centred16}},
    {"GATHER", {}, "f32 i8: T i32 -> T", {aligned}},
    {"GATHER_ND", {}, "f32 i8: T i32 -> T", {aligned}},
    // comparisons.cc; 16 bits are compared without their scales
    {"GREATER",
     {},
     "f32 i32 i64 i8 i16: T T -> bool",
     {scaled_alike, per_tensor, scales_below_one, alike<DType::int16>, broadcast_rank<6>}},
    {"GREATER_EQUAL",
     {},
     "f32 i32 i64 i8: T T -> bool",
     {scaled_alike, per_tensor, scales_below_one, broadcast_rank<6>}},
    {"HARD_SWISH", {}, "f32 i8: T -> T", {scaled, per_tensor, hard_swish_fits}},
    {"IF", {}, "bool any* -> any*"},
    // l2norm.cc
    {"L2_NORMALIZATION", {}, "f32 i8: T -> T", {scaled, per_tensor, result_is<8, -7, 0>, rank_at_most<4>}},
    {"L2_POOL_2D", {}, "f32 -> f32", {data_rank<4, 4>}},
    {"LEAKY_RELU", {}, "f32 i8 i16: T -> T", {scaled, per_tensor, centred16}},
    // comparisons.cc
    {"LESS", {}, "f32 i32 i64 i8: T T -> bool", {scaled_alike, per_tensor, scales_below_one, broadcast_rank<6>}},
    {"LESS_EQUAL", {}, "f32 i32 i64 i8: T T -> bool", {scaled_alike, per_tensor, scales_below_one, broadcast_rank<6>}},
    {"LOG", {}, "f32 -> f32"},
    // logical.cc
    {"LOGICAL_AND", {}, "bool bool -> bool", {broadcast_rank<6>}},
    {"LOGICAL_NOT", {}, "bool -> bool"},
    {"LOGICAL_OR", {}, "bool bool -> bool", {broadcast_rank<6>}},
    {"LOGISTIC",
     {},
     "f32 i8 i16: T -> T",
     {scaled, per_tensor, centred16, result_is<8, -8, -128>, result_near<16, -15, 0>}},
    {"LOG_SOFTMAX", {}, "f32 i8: T -> T", {scaled, per_tensor, result_is<8, -4, 127>}},
    // maximum_minimum.cc
    {"MAXIMUM", {}, "f32 i8 i16 i32 i64: T T -> T", {aligned, broadcast_rank<6>}},
    {"MAX_POOL_2D", {}, "f32 i8 i16: T -> T", {per_tensor, aligned, data_rank<4, 4>}},
    // reduce.cc
    {"MEAN", {}, "f32 i8 i16: T i32 -> T", {scaled, per_tensor}},
    {"MINIMUM", {}, "f32 i8 i16 i32 i64: T T -> T", {aligned, broadcast_rank<6>}},
    {"MIRROR_PAD", {}, "f32 i8: T i32|i64 -> T", {aligned}},
    {"MUL", {}, "f32 i8 i16 i32: T T -> T", {scaled, per_tensor, centred16, broadcast_rank<6>}},
    {"NEG", {}, "f32 -> f32"},
    {"NOT_EQUAL",
     {},
     "bool f32 i32 i64 i8: T T -> bool",
     {scaled_alike, per_tensor, scales_below_one, broadcast_rank<6>}},
    {"PACK", {}, "f32 i8 i16 i32 i64: T T* -> T", {aligned}},
    {"PAD", {}, "f32 i8 i16 i32: T i32 -> T", {aligned, constant<1>, rank_at_most<5>}},
    {"PADV2", {}, "f32 i8 i16 i32: T i32 T -> T", {aligned_or_refused, constant<1>, rank_at_most<5>}},
    {"PRELU", {}, "f32 i8: T T -> T; i16 i8 -> i16", {scaled, per_tensor, rank_at_most<4>}},
    {"QUANTIZE",
     {},
     "f32 -> i8|i16; i8 -> i8|u8|i16|i32; u8 -> i8; i16 -> i8|i16|i32; i32 -> i8|i16",
     {scaled, per_tensor}},
    {"READ_VARIABLE", {}, "res|i32 -> any"},
    // reduce.cc
    {"REDUCE_ALL", {}, "bool i32 -> bool"},
    {"REDUCE_MAX", {}, "f32 i8: T i32 -> T", {aligned_or_refused}},
    {"REDUCE_MIN", {}, "f32 i8: T i32 -> T", {aligned_or_refused}},
    // activations.cc
    {"RELU", {}, "f32 i8 i16: T -> T", {scaled, per_tensor, centred16}},
    {"RELU6", {}, "f32 i8 i16: T -> T", {scaled, per_tensor, aligned}},
    {"RESHAPE", {}, "f32 f16 f64 i4 u8 i8 i16 i32 u32 i64 bool: T i32? -> T", {aligned}},
    {"RESIZE_BILINEAR", {}, "f32 i8: T i32 -> T", {aligned, constant<1>, data_rank<4, 4>}},
    {"RESIZE_NEAREST_NEIGHBOR", {}, "f32 i8 i16: T i32 -> T", {aligned, constant<1>, data_rank<4, 4>}},
    // reverse.cc
    {"REVERSE_V2", {}, "f32 u8 i8 i16 i32 i64 bool: T i32 -> T", {aligned, rank_at_most<6>}},
    {"ROUND", {}, "f32 -> f32"},
    // elementwise.cc
    {"RSQRT", {}, "f32 i8 i16: T -> T", {scaled, centred16}},
    // select.cc
    {"SELECT_V2", {}, "f32 i8 i16: bool T T -> T", {aligned, broadcast_rank<6>}},
    {"SHAPE", {}, "any -> i32"},
    {"SIN", {}, "f32 -> f32"},
    {"SLICE", {}, "f32 i8 i16 i32 bool: T i32|i64 i32|i64 -> T", {aligned, rank_at_most<5>}},
    {"SOFTMAX", {}, "f32 i8 i16: T -> T; i8 -> i16", {scaled, per_tensor, result_is<8, -8, -128>, softmax_result}},
    // its parameters have no zero point to pad with
    {"SPACE_TO_BATCH_ND", {}, "f32 i8: T i32 i32 -> T", {aligned, pads_with_zero<2>, data_rank<3, 4>}},
    {"SPACE_TO_DEPTH", {}, "f32 i8: T -> T", {aligned, data_rank<4, 4>}},
    {"SPLIT", {}, "f32 i8 i16 i32: i32 T -> T T*", {aligned, constant<0>}},
    {"SPLIT_V", {}, "f32 i8 i16 i32: T i32|i64 i32 -> T T*", {aligned, constant<2>}},
    {"SQRT", {}, "f32 -> f32"},
    {"SQUARE", {}, "f32 -> f32"},
    {"SQUARED_DIFFERENCE", {}, "f32 i8 i16 i32: T T -> T", {scaled_alike, per_tensor, centred16, broadcast_rank<6>}},
    {"SQUEEZE", {}, "f32 f16 f64 i4 u8 i8 i16 i32 u32 i64 bool: T -> T", {aligned, rank_at_most<8>}},
    {"STRIDED_SLICE",
     {},
     "f32 i8 i16 i32 bool: T i32 i32 i32 -> T",
     {aligned, constant<1>, constant<2>, constant<3>, plain_slice, rank_at_most<4>}},
    {"SUB", {}, "f32 i8 i16 i32: T T -> T", {scaled, per_tensor, centred16, sum_fits, broadcast_rank<6>}},
    // reduce.cc
    {"SUM", {}, "f32 i8 i16: T i32 -> T", {scaled, per_tensor}},
    // svdf_common.cc reads a float bias that is left out
    {"SVDF", {}, "f32 f32 f32 f32 f32 -> f32; i8 i8 i16|i8 i32 i16|i8 -> i8", {data_rank<2, 2>, unlimited_svdf}},
    {"SignalDelay", {}, kSignal},
    {"SignalEnergy", {}, kSignal},
    {"SignalFftAutoScale", {}, kSignal},
    {"SignalFilterBank", {}, kSignal},
    {"SignalFilterBankLog", {}, kSignal},
    {"SignalFilterBankSpectralSubtraction", {}, kSignal},
    {"SignalFilterBankSquareRoot", {}, kSignal},
    {"SignalFramer", {}, kSignal},
    {"SignalIrfft", {}, kSignal},
    {"SignalOverlapAdd", {}, kSignal},
    {"SignalPCAN", {}, kSignal},
    {"SignalRfft", {}, kSignal},
    {"SignalStacker", {}, kSignal},
    {"SignalWindow", {}, kSignal},
    {"TANH", {}, "f32 i8 i16: T -> T", {scaled, per_tensor, centred16, result_is<8, -7, 0>, result_near<16, -15, 0>}},
    // decode.cc
    {"TFLM_DECODE", {}, "any any* -> any any*"},
    {"TFLite_Detection_PostProcess", {}, "f32|u8|i8 f32|u8|i8 f32|u8|i8 -> f32 f32 f32 f32"},
    {"TRANSPOSE", {}, "f32 i8 i16: T i32 -> T", {aligned, constant<1>, not_negative<1>, rank_at_most<5>}},
    // transpose_conv.cc; a 32-bit bias of 16-bit data is read as 64 bits
    {"TRANSPOSE_CONV",
     {},
     "i32 f32 f32 f32? -> f32; i32 i8 i8 i32? -> i8; i32 i8 i16 i16|i64? -> i16",
     {scaled, weights<1, 0>, bias<3, 2, 1>, bias_as_stated, centred16}},
    {"UNIDIRECTIONAL_SEQUENCE_LSTM", {}, "f32 i8 i16: T any* -> T", {plain_lstm, lstm_of_bytes}},
    {"UNPACK", {}, "f32 i8 i16 i32: T -> T T*", {aligned}},
    {"VAR_HANDLE", {}, "-> res|i32"},
    {"WHILE", {}, "any* -> any*"},
    {"ZEROS_LIKE", {}, "f32 i8 i32 i64: T -> T"},
    {"ethos-u", {}, "any* -> any*"},
};

}  // namespace

constexpr RuntimeDef kTflm{.name = "tflm",
                           .title = "TensorFlow Lite Micro",
                           .judge = judge_by_table,
                           .judge_model = no_float_storage,
                           .rows = kTflmRows};

}  // namespace narrow
