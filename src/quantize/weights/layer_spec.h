// LayerSpec: everything around a layer that its integer weights and bias depend on.
#pragma once

#include <optional>

#include "calibrate/channel_moments.h"
#include "quantize/recipe/layer_widths.h"
#include "quantize/weights/rounding.h"

namespace narrow {

struct LayerSpec {
  float input_scale = 1;
  float output_scale = 1;
  int64_t max_input = 128;  // largest magnitude of (input integer - zero point)
  int axis = 0;             // dimension of the weights that counts output channels
  Granularity granularity = Granularity::channel;
  LayerWidths widths{};
  const ChannelMoments* moments = nullptr;   // of the layer's input; null where they are not known
  const InputMoments* inputs = nullptr;      // likewise
  WeightChoice choice{};                     // how weights become integers; nearest where `inputs` are not known
  std::optional<WeightRounding> rounding{};  // that a rule asks for

  /// The choice for the layer where the others of its model have `usual`.
  WeightChoice choice_beside(const WeightChoice& usual) const {
    if (!rounding) return usual;
    if (*rounding == WeightRounding::nearest) return {.bias_correction = usual.bias_correction};
    return choice_with(*rounding, widths.weights, widths.activations);
  }
};

/// A matrix of weights of an op that is not one layer but several (QuantRule::parts), and what its integers were chosen
/// by.
struct PartSpec {
  size_t weights = 0;            // operand
  std::optional<size_t> bias{};  // operand that is added to its sums, to the last ones where it is shorter
  bool of_result = false;        // it meets the op's first result of the step before, not its data
  LayerSpec spec;
};

}  // namespace narrow
