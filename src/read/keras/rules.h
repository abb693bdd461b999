// The table of Keras' classes of layers: what makes ops of each.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"

namespace narrow::keras {

class Layer;

/// One class of layers.
struct LayerRule {
  const char* class_name;
  /// Adds the ops of the layer; its result. Layers whose only effect is on training give their input.
  Result<int> (*build)(Layer& layer);
  const char* op = nullptr;  // the op of narrow that it becomes, where one function makes layers of several classes
  int spatial = 0;           // dimensions between samples and channels, where the class has a number of them
  /// In the place of `build`, where the layer has several results.
  Result<std::vector<int>> (*build_all)(Layer& layer) = nullptr;
  /// Whether it reads the arguments of its call itself; others are called with results of layers alone, and with
  /// `keyword` for some of them.
  bool reads_arguments = false;
  const char* keyword = nullptr;
};

/// A row of a function or an operator that is called as if it were a layer: it reads the arguments of its call.
constexpr LayerRule call_rule(const char* class_name, Result<int> (*build)(Layer&), const char* op = nullptr) {
  return {.class_name = class_name, .build = build, .op = op, .reads_arguments = true};
}

// The families, each in a file of layers/.
std::span<const LayerRule> activation_layers();
std::span<const LayerRule> attention_layers();
std::span<const LayerRule> convolution_layers();
std::span<const LayerRule> dense_layers();
std::span<const LayerRule> identity_layers();
std::span<const LayerRule> merge_layers();
std::span<const LayerRule> normalization_layers();
std::span<const LayerRule> operator_layers();
std::span<const LayerRule> operator_shape_layers();
std::span<const LayerRule> pool_layers();
std::span<const LayerRule> quantized_layers();
std::span<const LayerRule> recurrent_layers();
std::span<const LayerRule> shape_layers();
std::span<const LayerRule> size_layers();
std::span<const LayerRule> wrapper_layers();

/// The rule for a class of layers, or null.
const LayerRule* find_layer_rule(std::string_view class_name);

}  // namespace narrow::keras
