#include "quantize/recipe/recipe.h"

#include <algorithm>

#include "base/printable.h"

namespace narrow {
namespace {

template <class T>
void take(T& to, const std::optional<T>& from) {
  if (from) to = *from;
}

}  // namespace

Settings Recipe::settings(const std::string& name, const std::string& op, Role role) const {
  Settings s = base;
  for (const Rule& rule : rules) {
    if (!rule.op.empty() && rule.op != op) continue;
    if (rule.role && *rule.role != role) continue;
    if (rule.name && !rule.name->found_in(name)) continue;
    take(s.keep_float, rule.set.keep_float);
    take(s.weights, rule.set.weights);
    take(s.min_weights, rule.set.min_weights);
    take(s.activations, rule.set.activations);
    if (rule.set.bias) s.bias = rule.set.bias;
    if (rule.set.accumulator) s.accumulator = rule.set.accumulator;
    if (rule.set.rounding) s.rounding = rule.set.rounding;
    take(s.power_of_two, rule.set.power_of_two);
    take(s.granularity, rule.set.granularity);
    take(s.headroom, rule.set.headroom);
    take(s.range, rule.set.range);
    if (rule.set.weight_rounding) s.weight_rounding = rule.set.weight_rounding;
  }
  s.weights = std::max(s.weights, s.min_weights);
  return s;
}

const Rule* Recipe::rounding_by_samples() const {
  for (const Rule& rule : rules)
    if (rule.set.weight_rounding && *rule.set.weight_rounding != WeightRounding::nearest) return &rule;
  return nullptr;
}

Recipe recipe_of(const SchemeDef& scheme) {
  Recipe r;
  r.base.weights = scheme.weight_bits;
  r.base.activations = scheme.activation_bits;
  r.base.power_of_two = scheme.power_of_two;
  r.base.headroom = scheme.headroom;
  if (scheme.power_of_two) r.base.granularity = Granularity::tensor;
  return r;
}

Result<Rule> keep_float_rule(const std::string& pattern) {
  Rule rule;
  NARROW_TRY(rule.name, NamePattern::compile(pattern, "`keep_float`"));
  rule.set.keep_float = true;
  rule.source = "`keep_float` '" + readable(pattern) + "'";
  return rule;
}

}  // namespace narrow
