// The table of TensorFlow's ops: what reads a node of each type.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "read/graphdef/value.h"

namespace narrow::graphdef {

class Node;

/// One type of node.
struct NodeRule {
  const char* type;
  /// The node's results, in order, from its operands and attributes.
  Result<std::vector<Value>> (*read)(Node& node);
  const char* op = nullptr;  // the op of narrow that it becomes, where one function reads nodes of several types
  /// Integers that are known while the graph is read are computed at once by this function of two elements.
  int64_t (*fold)(int64_t, int64_t) = nullptr;
  /// The names of several results, by which bodies of functions refer to them; each is one tensor but the last.
  std::span<const char* const> results = {};
};

// The families, each in a file of ops/.
std::span<const NodeRule> arithmetic_rules();
std::span<const NodeRule> activation_rules();
std::span<const NodeRule> control_rules();
std::span<const NodeRule> layer_rules();
std::span<const NodeRule> layout_rules();
std::span<const NodeRule> list_rules();
std::span<const NodeRule> normalization_rules();
std::span<const NodeRule> quantization_rules();
std::span<const NodeRule> reduction_rules();
std::span<const NodeRule> selection_rules();
std::span<const NodeRule> shape_rules();
std::span<const NodeRule> source_rules();
std::span<const NodeRule> window_rules();

/// The rule for a type of node, or null.
const NodeRule* find_rule(std::string_view type);

}  // namespace narrow::graphdef
