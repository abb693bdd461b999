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
};

inline constexpr ByProfile<LayerRoundings> kRoundingsConv2d{
    .xnnpack = {.int8 = Rounding::float32, .int16_bias32 = Rounding::double_up, .int8_int4 = Rounding::double_up}};

// LiteRT and TFLM read the 32-bit bias of 16-bit activations as one of 64 bits.
inline constexpr ByProfile<LayerRoundings> kRoundingsDepthwiseConv2d{
    .tflm = {.int16_bias32 = Rounding::refused},
    .litert = {.int16_bias32 = Rounding::refused},
    .xnnpack = {.int8 = Rounding::float32, .int16_bias32 = Rounding::refused, .int8_int4 = Rounding::mixed}};

inline constexpr ByProfile<LayerRoundings> kRoundingsTransposeConv{
    .tflm = {.int16_bias32 = Rounding::refused},  // as above
    .xnnpack = {.int8 = Rounding::float32, .int16_bias32 = Rounding::mixed}};

inline constexpr ByProfile<LayerRoundings> kRoundingsFullyConnected{.narrow = {.int16_weights = Rounding::wide},
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
