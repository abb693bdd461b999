#include "ops/def/profile.h"

#include <array>

namespace narrow {
namespace {

using enum Rounding;

constexpr std::array<ProfileDef, 4> kProfiles{{
    {.name = "narrow", .own_arithmetic = true, .fully_connected = {.int16_weights = wide}},
    {.name = "tflm",
     .depthwise = {.int16_bias32 = refused},  // reads the bias as 64-bit
     .transpose_conv = {.int16_bias32 = refused},
     .not_in_tflm = {Form::absent, Form::absent},
     .resize_bilinear = {Form::fixed, Form::absent},
     .div = {Form::fixed, Form::absent},
     .batch_matmul_16x8 = Form::absent,
     .add_n = Form::reference,
     .equality16 = Form::absent,  // the kernels of GREATER and EQUAL leave the scales of 16-bit operands unset
     .order16 = Form::absent},
    {.name = "litert",
     .depthwise = {.int16_bias32 = refused},
     .fully_connected = {.int8 = float64, .int16_bias64 = float64, .int16_bias32 = float64, .int16_weights = wide},
     .sum = {Form::broken, Form::broken},
     .mul_ratio = Ratio::float32,
     .not_in_litert = {Form::absent, Form::absent},
     .elu = {Form::reference, Form::fixed},
     .softmax = {Form::fixed, Form::reference},
     .logistic = {Form::reference, Form::fixed},
     .tanh = {Form::reference, Form::fixed},
     .relu6 = {Form::reference, Form::reference},
     .slope_ratio = Ratio::float32,
     .div = {Form::reference, Form::reference},
     .squared_difference = {Form::fixed, Form::absent},
     .add_n = Form::absent,
     .order16 = Form::reference,
     .pot_scale_int16 = true},
    {.name = "xnnpack",
     .conv = {.int8 = float32, .int16_bias32 = double_up},
     .depthwise = {.int8 = float32, .int16_bias32 = refused},
     .transpose_conv = {.int8 = float32, .int16_bias32 = mixed},
     .fully_connected = {.int8 = float32, .int16_bias64 = float64, .int16_bias32 = double_up, .int16_weights = wide},
     .add = {Form::delegate, Form::optimized},
     .sub = {Form::delegate, Form::fixed},
     .mul = {Form::delegate, Form::fixed},
     .max_pool = {Form::delegate, Form::fixed},
     .mean = {Form::delegate, Form::fixed},
     .sum = {Form::delegate, Form::optimized},
     .mul_ratio = Ratio::float32,
     .not_in_litert = {Form::absent, Form::absent},
     .elu = {Form::delegate, Form::fixed},
     .softmax = {Form::optimized, Form::reference},
     .logistic = {Form::delegate, Form::optimized},
     .tanh = {Form::delegate, Form::optimized},
     .relu6 = {Form::reference, Form::reference},
     .leaky_relu = {Form::delegate, Form::fixed},
     .resize_bilinear = {Form::delegate, Form::fixed},
     .quantize = {Form::delegate, Form::optimized},
     .slope_ratio = Ratio::float32,
     .div = {Form::reference, Form::reference},
     .squared_difference = {Form::fixed, Form::absent},
     .batch_matmul = {Form::delegate, Form::fixed},
     .add_n = Form::absent,
     .order16 = Form::reference,
     .pot_scale_int16 = true},
}};

}  // namespace

std::span<const ProfileDef> all_profiles() {
  return kProfiles;
}

const ProfileDef* find_profile(std::string_view name) {
  for (const ProfileDef& p : kProfiles)
    if (name == p.name) return &p;
  return nullptr;
}

}  // namespace narrow
