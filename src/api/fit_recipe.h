// Widths by layer, and the recipe that states them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/quality_chain.h"
#include "graph/model.h"

namespace narrow {

/// Widths for a graph of the float model.
struct WidthPlan {
  std::vector<std::pair<size_t, int>> weights{};  // ops, by index, and bits of their weights where these are not 8
  size_t wide_from = SIZE_MAX;                    // ops from this index on have 16-bit activations

  bool operator==(const WidthPlan&) const = default;
};

/// A recipe in TOML: the steps of `chain`, and a rule for each op with other widths than 8 bits. `by_width`: layers
/// with rules are rounded as their widths want it, else as the chain says.
std::string recipe_text(const Graph& graph, const WidthPlan& plan, const QualityChain& chain, bool by_width);

/// An expression that is found in this name and in no longer one. Characters beyond ASCII stand for any.
std::string exact_pattern(const std::string& name);

}  // namespace narrow
