// Reading: the model in the making while the layers of a Keras network are read, and what its parts share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_names.h"
#include "narrow/model.h"
#include "ops/build/channels_last.h"
#include "ops/build/fake_quant_range.h"
#include "ops/build/graph_builder.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// Models and wrappers inside of each other.
inline constexpr int kMostNested = 32;
/// Calls of layers of one network, those of models inside of it counted each time.
inline constexpr int64_t kMostCalls = 1 << 18;

/// Ranges before and after a layer's activation function.
struct ActivationRanges {
  std::optional<FakeQuantRange> before{};
  std::optional<FakeQuantRange> after{};
};

struct Reading {
  Reading(const LoadOptions& load_options, const Limits& in_force, int major)
      : options(load_options), limits(in_force), keras_major(major) {}

  const LoadOptions& options;
  const Limits& limits;
  int keras_major = 3;
  GraphBuilder builder{};
  UniqueNames names{};
  std::vector<std::string> notes{};
  int depth = 0;      // of models and wrappers inside of each other, at present
  int64_t calls = 0;  // of layers so far
  /// Weights that are in the model already, by the array and what was made of it.
  std::map<std::pair<const KerasArray*, std::vector<int>>, int> placed{};
  /// Ranges that training with quantization left, of weights and around the activation functions of layers.
  std::map<const KerasArray*, FakeQuantRange> weight_ranges{};
  std::map<const KerasLayer*, ActivationRanges> activation_ranges{};
  std::map<int, int> channels_last{};  // by tensor with channels first: the tensor it was transposed from, or to
  LayoutChanges layout{};              // the ops around layers with channels first
};

/// Adds the ops of one call of a layer (null: with nothing but `inputs`), whose tensors are named after `name`; its
/// results, in order. Errors name the layer and its class.
Result<std::vector<int>> build_layer(Reading& reading, const KerasLayer& layer, std::vector<int> inputs,
                                     const std::string& name, const KerasCall* call = nullptr);

}  // namespace narrow::keras
