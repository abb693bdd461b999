// ProfileDef: which rounding and which tables a runtime uses, op by op, as data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "rows/rounding.h"

namespace narrow {

/// How a runtime rounds the accumulators of a layer, by activations and bias.
struct LayerRoundings {
  Rounding int8 = Rounding::double_away;   // int32 bias
  Rounding int16_bias64 = Rounding::wide;  // int16 activations
  Rounding int16_bias32 = Rounding::double_away;
  Rounding int16_weights = Rounding::refused;  // int16 activations, int32 or int64 bias
};

/// Whose kernel a runtime takes.
enum class Form : uint8_t {
  fixed,      // TFLM's, and LiteRT's reference kernel where that computes alike
  reference,  // LiteRT's reference kernel where it computes differently
  optimized,  // LiteRT's builtin optimized kernels, where they compute differently
  delegate,   // XNNPACK where it takes the op, LiteRT's builtin optimized kernels elsewhere
  broken,     // the runtime's own kernel misreads its operands; refused
  absent,     // the runtime has no kernel; refused
};

struct Forms {
  Form int8 = Form::fixed;
  Form int16 = Form::fixed;
};

/// In which type a runtime computes a ratio of scales before it becomes a multiplier.
enum class Ratio : uint8_t { float32, float64 };

/// A runtime's choices.
struct ProfileDef {
  const char* name;
  bool own_arithmetic = false;  // takes what the model itself says of its arithmetic
  LayerRoundings conv{}, depthwise{}, transpose_conv{}, fully_connected{};
  Rounding grouped_conv_bias32 = Rounding::double_away;  // int16 activations, several groups
  Forms add{}, sub{}, mul{}, max_pool{}, mean{}, sum{};
  Ratio mul_ratio = Ratio::float64;
  Forms not_in_tflm{};    // what TFLM has no integer kernel for
  Forms not_in_litert{};  // what LiteRT has none for
  Forms elu{}, softmax{}, logistic{}, tanh{}, relu6{}, leaky_relu{}, resize_bilinear{};
  Forms quantize{};                    // int8 stands for uint8 too
  Ratio slope_ratio = Ratio::float64;  // RELU, LEAKY_RELU, PRELU, ABS
  Forms div{}, squared_difference{}, batch_matmul{};
  Form batch_matmul_16x8 = Form::fixed;  // 16-bit operand 0, 8-bit operand 1
  Form add_n = Form::fixed;              // 8 bits; reference: TFLM's, whose sum lacks the zero point once
  Form equality16 = Form::fixed;  // EQUAL, NOT_EQUAL; reference: stored integers are compared, whatever their scales
  Form order16 = Form::fixed;     // GREATER, LESS and their kind
  bool pot_scale_int16 = false;   // has the old form of 16-bit ADD and SUB that a file may ask for
};

/// All profiles, the default first: narrow, tflm, litert, xnnpack.
std::span<const ProfileDef> all_profiles();

/// The profile of that name, or null.
const ProfileDef* find_profile(std::string_view name);

}  // namespace narrow
