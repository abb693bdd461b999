#include "read/keras/rules.h"

namespace narrow::keras {

const LayerRule* find_layer_rule(std::string_view class_name) {
  static constexpr std::span<const LayerRule> (*kFamilies[])() = {
      activation_layers, attention_layers,     convolution_layers, dense_layers,          identity_layers,
      merge_layers,      normalization_layers, operator_layers,    operator_shape_layers, pool_layers,
      quantized_layers,  recurrent_layers,     shape_layers,       size_layers,           wrapper_layers};
  for (auto* const family : kFamilies)
    for (const LayerRule& rule : family())
      if (class_name == rule.class_name) return &rule;
  return nullptr;
}

}  // namespace narrow::keras
