// Models that are integer before they are quantized, and what a request asks of them that they are not.
#pragma once

#include <optional>
#include <string>

#include "graph/model.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

/// How a model computes that has floats only in QUANTIZE and DEQUANTIZE.
struct IntegerModel {
  bool bytes = false, words = false;  // activations of 8 and of 16 bits
  bool power_of_two = true;           // all activations and weights are in Qm.n
  bool float_borders = false;         // some QUANTIZE or DEQUANTIZE is between integers and computed floats
};

/// Nothing for a model that computes with floats, or with no quantized values at all.
std::optional<IntegerModel> integer_model(const Model& model);

/// What a caller has said of the result. What is empty may stay as the file has it.
struct Asked {
  std::optional<int> activations;  // bits; 0: floats
  std::optional<bool> power_of_two;
  std::optional<int> weights;  // bits
  std::optional<Granularity> granularity;
  std::optional<int> accumulator;
  std::optional<RoundingRule> rounding;
};

/// The field of `asked` that the integer model meets only when it is made anew from the real values of its integers:
/// "activations", "scales", "weights", "granularity", "accumulator", "rounding"; empty where it meets all. Wider
/// weights and other biases are not among these: they are changed in place, without any loss.
std::string unmet(const Model& model, const IntegerModel& form, const Asked& asked);

}  // namespace narrow
