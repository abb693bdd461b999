// What the integer layers share: from scales to per-channel factors, and the proof that accumulators fit.
#pragma once

#include <vector>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "ops/layers/layer_roundings.h"

namespace narrow {

/// Where a layer has its operands, and how its weights fall into output channels.
struct LayerOperands {
  size_t data = 0;
  size_t weights = 1;
  size_t bias = 2;
  int channels = 1;
  int64_t inner = 1;                   // neighbouring weights of the same output channel...
  int64_t period = 1;                  // ...which come again after so many
  DType stated_bias = DType::float32;  // what the op says of its bias; decides where there is none
  int64_t channel_of(int64_t element) const { return element / inner % period; }
};

/// A layer's arithmetic, resolved. The per-channel lists have one entry for each output channel.
struct IntegerLayer {
  Rounding rounding = Rounding::double_away;
  RoundingRule rule = RoundingRule::twice;  // of Rounding::by_rule; otherwise the one that stands for `rounding`
  bool wide_sums = false;                   // 64-bit sums, and multipliers of 16 bits
  std::vector<int32_t> multiplier, shift;   // integer roundings
  std::vector<float> scale;                 // float32
  std::vector<double> scale64;              // float64
  int32_t input_zero_point = 0;
  int32_t zero_point = 0;
  IntegerInterval clamp;
  std::vector<int64_t> bias;        // in steps of input scale * weight scale; empty: none
  std::vector<uint8_t> bias_shift;  // what of it the file leaves to a shift, by channel; empty: nothing
  DType bias_type = DType::int32;   // as stored
  DType weight_type = DType::int8;

  /// Whether the kernels of the TFLite types compute it, or those of any widths and rules.
  bool is_plain() const {
    return weight_type == DType::int8 && bias_shift.empty() && rounding != Rounding::by_rule &&
           (bias_type == DType::int32 || bias_type == DType::int64);
  }
  bool host_only() const { return rounding == Rounding::float32 || rounding == Rounding::float64; }
};

/// Resolves the layer `op` is. unsupported where the runtime has no rule (`roundings`), where operands are not
/// constant or have other types, or where an accumulator could leave the range its kernel has; the message names
/// channel and bound. What the model itself says of the op's arithmetic holds where the profile takes it.
/// `dense`: FULLY_CONNECTED, whose factor with one weight scale is a float32 product.
/// Source of the factors: TFLite's kernels, measured against them; docs/arithmetic.md.
Result<IntegerLayer> integer_layer(const OpView& op, const LayerOperands& operands, Activation activation,
                                   const LayerRoundings& roundings, const ProfileDef& profile, bool dense);

}  // namespace narrow
