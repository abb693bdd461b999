#include "api/quality_chain.h"

#include <fmt/format.h>

namespace narrow {
namespace {

std::vector<std::string> ranges_for(const Settings& base, bool given) {
  if (given || base.activations == 16) return {base.range};
  if (base.power_of_two) return {"percentile:99.99", "minmax"};
  return {"mse", "minmax"};
}

}  // namespace

std::string QualityChain::text() const {
  std::string out = range;
  if (means) out += ", pools as means";
  if (equalization > 0) out += fmt::format(", channels scaled ^{:g}", equalization);
  out += std::string(", ") + choice.rounding->name;
  if (choice.feedback) out += " with feedback";
  if (choice.scale_search) out += ", scales searched";
  if (choice.bias_correction) out += ", biases corrected";
  if (wide_outputs) out += ", 16-bit outputs";
  return out;
}

QualitySteps quality_steps(const Settings& base, bool range_given, std::optional<WeightRounding> rounding) {
  WeightChoice const choice = choice_with(rounding.value_or(WeightRounding::gptq), base.weights, base.activations);
  QualitySteps out{ranges_for(base, range_given), choice, {}};
  if (base.activations == 8) out.equalizations = {0.5, 1.0};
  return out;
}

}  // namespace narrow
