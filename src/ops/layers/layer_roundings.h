// How runtimes round the accumulators of integer layers: a table for each kind of layer.
#pragma once

#include "ops/def/profile.h"
#include "rows/rounding.h"

namespace narrow {

/// The rounding of one kind of layer, by the types of activations, bias and weights.
struct LayerRoundings {
  Rounding int8 = Rounding::double_away;   // int32 bias
  Rounding int16_bias64 = Rounding::wide;  // int16 activations
  Rounding int16_bias32 = Rounding::double_away;
  Rounding int16_weights = Rounding::refused;  // int16 activations, int32 or int64 bias
  Rounding int8_int4 = Rounding::double_away;  // int8 activations, 4-bit weights
  bool int16_int4 = true;                      // whether int16 activations take 4-bit weights, as int8 ones
  bool int4_channels = true;                   // whether 4-bit weights have a scale for each channel
};

inline constexpr ByProfile<LayerRoundings> kRoundingsConv2d{
    .tflm = {.int16_int4 = false},
    .xnnpack = {.int8 = Rounding::float32, .int16_bias32 = Rounding::double_up, .int8_int4 = Rounding::double_up}};

// LiteRT and TFLM read the 32-bit bias of 16-bit activations as one of 64 bits, and LiteRT two 4-bit weights as one.
inline constexpr ByProfile<LayerRoundings> kRoundingsDepthwiseConv2d{
    .tflm = {.int16_bias32 = Rounding::refused, .int16_int4 = false},
    .litert = {.int16_bias32 = Rounding::refused, .int16_int4 = false},
    .xnnpack = {.int8 = Rounding::float32,
                .int16_bias32 = Rounding::refused,
                .int8_int4 = Rounding::mixed,
                .int16_int4 = false}};

inline constexpr ByProfile<LayerRoundings> kRoundingsTransposeConv{
    .tflm = {.int16_bias32 = Rounding::refused, .int8_int4 = Rounding::refused, .int16_int4 = false},  // as above
    .litert = {.int8_int4 = Rounding::refused, .int16_int4 = false},
    .xnnpack = {.int8 = Rounding::float32,
                .int16_bias32 = Rounding::mixed,
                .int8_int4 = Rounding::refused,
                .int16_int4 = false}};

inline constexpr ByProfile<LayerRoundings> kRoundingsFullyConnected{
    .narrow = {.int16_weights = Rounding::wide},
    .tflm = {.int16_int4 = false, .int4_channels = false},
    .litert = {.int8 = Rounding::float64,
               .int16_bias64 = Rounding::float64,
               .int16_bias32 = Rounding::float64,
               .int16_weights = Rounding::wide,
               .int8_int4 = Rounding::float64},
    .xnnpack = {.int8 = Rounding::float32,
                .int16_bias64 = Rounding::float64,
                .int16_bias32 = Rounding::double_up,
                .int16_weights = Rounding::wide,
                .int8_int4 = Rounding::float32}};

}  // namespace narrow
