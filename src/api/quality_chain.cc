#include "api/quality_chain.h"

#include <fmt/format.h>

namespace narrow {
namespace {

/// The strongest choice of integers: prefix feedback pays where weights lose more than activations do.
WeightChoice best_choice(const Settings& base) {
  WeightChoice out;
  out.rounding = &kRoundGptq;
  out.bias_correction = true;
  out.feedback = base.weights < 8 || base.activations == 16;
  out.scale_search = base.weights < 8;
  return out;
}

std::vector<std::string> ranges_for(const Settings& base, bool given) {
  if (given) return {base.range};
  if (base.power_of_two && base.activations == 8) return {"percentile:99.99", "minmax"};
  if (base.activations == 8) return {"mse", "minmax"};
  return {"minmax"};
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
  return out;
}

std::vector<QualityChain> quality_chains(const Settings& base, bool range_given, bool can_equalize, bool can_mean) {
  std::vector<QualityChain> out;
  auto add = [&](const QualityChain& c) {
    for (const QualityChain& known : out)
      if (known == c) return;
    out.push_back(c);
  };
  add({.range = base.range});
  WeightChoice const choice = best_choice(base);
  bool const scale = can_equalize && base.activations == 8;
  for (const std::string& range : ranges_for(base, range_given))
    for (bool means : {false, true})
      for (double exponent : {0.0, 0.5, 1.0}) {
        if ((means && !can_mean) || (exponent > 0 && !scale)) continue;
        add({.range = range, .equalization = exponent, .means = means, .choice = choice});
      }
  return out;
}

}  // namespace narrow
