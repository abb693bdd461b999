#include "read/graphdef/rules.h"

#include <algorithm>
#include <map>

namespace narrow::graphdef {

const NodeRule* find_rule(std::string_view type) {
  static const std::map<std::string_view, const NodeRule*> kRules = [] {
    std::map<std::string_view, const NodeRule*> rules;
    for (auto family :
         {arithmetic_rules, activation_rules, control_rules, layer_rules, layout_rules, list_rules, normalization_rules,
          quantization_rules, reduction_rules, selection_rules, shape_rules, source_rules, window_rules})
      for (const NodeRule& rule : family()) rules.emplace(rule.type, &rule);
    return rules;
  }();
  auto const at = kRules.find(type);
  return at == kRules.end() ? nullptr : at->second;
}

}  // namespace narrow::graphdef
