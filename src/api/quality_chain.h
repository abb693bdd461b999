// QualityChain: one way from a float model to integers, and which of them are tried for a scheme.
#pragma once

#include <string>
#include <vector>

#include "quantize/recipe/recipe.h"
#include "quantize/weights/rounding.h"

namespace narrow {

/// The steps of a quantization that may be taken one way or another.
struct QualityChain {
  std::string range;      // a range method with its parameter
  double equalization = 0;  // exponent of channel scaling before ranges are known; 0: none
  bool means = false;     // global pools get a scale of their own
  WeightChoice choice{};
  /// "mse, channels ^0.5, gptq, bias correction".
  std::string text() const;
  bool operator==(const QualityChain&) const = default;
};

/// What a scheme's models are tried with, the plain chain (`base.range`, nearest integers) first. `range_given`: only that
/// range. `can_equalize`, `can_mean`: whether the model has what those steps are about.
std::vector<QualityChain> quality_chains(const Settings& base, bool range_given, bool can_equalize, bool can_mean);

}  // namespace narrow
