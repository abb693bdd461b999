// QualityChain: one way from a float model to integers, and what such ways are made of for a scheme.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantize/recipe/recipe.h"
#include "quantize/weights/rounding.h"

namespace narrow {

/// The steps of a quantization that may be taken one way or another.
struct QualityChain {
  std::string range;           // a range method with its parameter
  double equalization = 0;     // exponent of channel scaling before ranges are known; 0: none
  double headroom = 1;         // factor by which 16-bit activations reach beyond what the samples do
  bool means = false;          // global pools get a scale of their own
  bool second_range = false;   // not the first of QualitySteps::ranges, which is the better one on most networks
  bool less_headroom = false;  // than the scheme's
  WeightChoice choice{};
  bool wide_outputs = false;  // the ops that compute the outputs do so with 16-bit activations
  /// "mse, channels ^0.5, gptq, bias correction".
  std::string text() const;
  /// Decibels by which the chain has to be better than others on few samples to be so on all: channels that are scaled
  /// to the full range leave no room for what reaches beyond the samples, and 16-bit outputs have to be worth it. Less
  /// headroom is finer by about a decibel, and what is lost by it where values leave the range is much more than one.
  double handicap() const {
    return (equalization >= 1 ? 3 : 0) + (second_range ? 0.5 : 0) + (wide_outputs ? 0.5 : 0) - (less_headroom ? 1 : 0);
  }
  bool operator==(const QualityChain&) const = default;
};

/// What there is to try for a scheme. The ranges are tried with the choice; means and equalization, where the model has
/// what they are about, are then added to the best of these.
struct QualitySteps {
  std::vector<std::string> ranges;
  WeightChoice choice;
  std::vector<double> equalizations;
  std::optional<double> headroom;  // less of it than the scheme's, where there are samples enough
};

/// What a request leaves no choice of.
struct GivenSteps {
  bool range = false;
  bool headroom = false;
  bool hand_ranges = false;  // those of single activations are; they are of channels as they are
  std::optional<WeightRounding> rounding{};
};

/// The steps for the widths of `base`, for so many calibration samples.
QualitySteps quality_steps(const Settings& base, const GivenSteps& given, int64_t samples);

}  // namespace narrow
