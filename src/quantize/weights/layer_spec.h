// LayerSpec: everything around a layer that its integer weights and bias depend on.
#pragma once

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
  const ChannelMoments* moments = nullptr;  // of the layer's input; null where they are not known
  const InputMoments* inputs = nullptr;     // likewise
  WeightChoice choice{};                    // how weights become integers; nearest where `inputs` are not known
};

}  // namespace narrow
