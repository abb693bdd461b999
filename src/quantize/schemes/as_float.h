// The float model that an integer one stands for: for schemes that need wider activations than it has.
#pragma once

#include <map>

#include "base/result.h"
#include "graph/model.h"
#include "quantize/params.h"

namespace narrow {

/// A float model, and what the activations of its tensors reached while it was an integer one.
struct FloatModel {
  Model model;
  std::map<TensorRef, Range> ranges;
};

/// Whether a model computes with 8-bit activations, and with floats nowhere but in QUANTIZE and DEQUANTIZE.
bool computes_in_8_bits(const Model& model);

/// Every integer with a scale as the real number it stands for; QUANTIZE and DEQUANTIZE drop out. What 8 bits have lost
/// stays lost. unsupported names an op that reads the integers themselves, as no float op could.
Result<FloatModel> as_float(const Model& model);

}  // namespace narrow
