// TensorFlow Lite Micro built with CMSIS-NN: its kernels for some ops, the reference kernels for the rest.
// Source: tensorflow/tflite-micro at 90b983c2, micro/kernels/cmsis_nn/<op>.cc. An op without a row here is taken as
// the reference kernel takes it.
#include "verify/rules.h"

namespace narrow {
namespace {

constexpr OpRow kCmsisNnRows[] = {
    {"BATCH_MATMUL", {}, "f32 i8 i16: T T -> T", {scaled, per_tensor, centred16, rank_at_most<4>}},
    // conv.cc; CMSIS-NN's arm_convolve_s4 (at 99f736a6)
    {"CONV_2D",
     {},
     "f32 f32 f32? -> f32; i8 i8|i4 i32? -> i8; i16 i8 i32|i64? -> i16",
     {scaled, weights<1, 0>, one_group_for_int4, bias<2, 0, 1>, bias_as_stated, centred16, data_rank<4, 4>}},
    // 16-bit data takes one weight scale and a 64-bit bias
    {"FULLY_CONNECTED",
     {},
     "f32 f32 f32? -> f32; i8 i8|i4 i32? -> i8; i16 i8 i64? -> i16",
     {scaled, weights<1, 0>, one_scale_for_int16<1>, one_scale_for_int4<1>, bias<2, 0, 1>, bias_as_stated, centred16}},
    // maximum_minimum.cc
    {"MAXIMUM", {}, "f32 i8 i16 i32 i64: T T -> T", {aligned, int8_rank_at_most<4>, broadcast_rank<6>}},
    {"MINIMUM", {}, "f32 i8 i16 i32 i64: T T -> T", {aligned, int8_rank_at_most<4>, broadcast_rank<6>}},
    {"PAD", {}, "f32 i8 i16 i32: T i32 -> T", {aligned, constant<1>, int8_rank_at_most<4>, rank_at_most<5>}},
    {"PADV2",
     {},
     "f32 i8 i16 i32: T i32 T -> T",
     {aligned_or_refused, constant<1>, int8_rank_at_most<4>, rank_at_most<5>}},
    {"SVDF",
     {},
     "f32 f32 f32 f32 f32 -> f32; i8 i8 i16|i8 i32 i16|i8 -> i8",
     {constant<1>, data_rank<2, 2>, unlimited_svdf}},
    {"TRANSPOSE",
     {},
     "f32 i8 i16: T i32 -> T",
     {aligned, constant<1>, not_negative<1>, int8_rank_at_most<4>, rank_at_most<5>}},
};

}  // namespace

constexpr RuntimeDef kCmsisNn{.name = "cmsis-nn",
                              .title = "TensorFlow Lite Micro with CMSIS-NN",
                              .judge = judge_by_table,
                              .judge_model = no_float_storage,
                              .rows = kCmsisNnRows,
                              .base = &kTflm};

}  // namespace narrow
