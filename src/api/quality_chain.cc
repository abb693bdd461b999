#include "api/quality_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace narrow {
namespace {

std::vector<std::string> ranges_for(const Settings& base, bool given) {
  if (given || base.activations == 16) return {base.range};
  if (base.power_of_two) return {"percentile:99.99", "minmax"};
  return {"mse", "minmax"};
}

/// The more samples, the less far beyond them are the values that come later: by at most 1.4 of what 20 of KWS,
/// ResNet8, a small CNN and VWW reach where those hurt, 1.75 of 100 and 1.25 of 600. See docs/ranges.md, "Headroom".
double least_headroom(int64_t samples) {
  return 1 + 7.5 / std::sqrt(static_cast<double>(std::max<int64_t>(samples, 1)));
}

}  // namespace

std::string QualityChain::text() const {
  std::string out = range;
  if (headroom != 1) out += fmt::format(", headroom {:.3g}", headroom);
  if (means) out += ", pools as means";
  if (equalization > 0) out += fmt::format(", channels scaled ^{:g}", equalization);
  out += std::string(", ") + choice.rounding->name;
  if (choice.feedback) out += " with feedback";
  if (choice.scale_search) out += ", scales searched";
  if (choice.bias_correction) out += ", biases corrected";
  if (wide_outputs) out += ", 16-bit outputs";
  return out;
}

QualitySteps quality_steps(const Settings& base, const GivenSteps& given, int64_t samples) {
  WeightChoice const choice =
      choice_with(given.rounding.value_or(WeightRounding::gptq), base.weights, base.activations);
  QualitySteps out{ranges_for(base, given.range), choice, {}, {}};
  if (double const least = least_headroom(samples); least < base.headroom && !given.headroom) out.headroom = least;
  if (base.activations == 8 && !given.hand_ranges) out.equalizations = {0.5, 1.0};
  return out;
}

}  // namespace narrow
