// ParamsGroups: which tensors share quantization parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/disjoint_sets.h"
#include "quantize/plan/tensor_ranges.h"
#include "quantize/plan/tensor_widths.h"

namespace narrow {

/// Quantization parameters that do not follow from ranges.
struct FixedParams {
  QuantParams params;
  std::string by;  // "fixed for LOGISTIC", "kept from the file's QUANTIZE"
};

/// By node: the parameters that ops with fixed scales (ScaleRule::fixed) and conversions of the file give their
/// results.
using FixedByNode = std::vector<std::optional<FixedParams>>;
FixedByNode fixed_params(const PlacedModel& placed, const TensorWidths& widths);

/// Nodes in groups, each of which will have one set of parameters. What a group has in common is kept at its root.
class ParamsGroups {
 public:
  /// Each node by itself.
  ParamsGroups(const std::vector<TensorRange>& ranges, FixedByNode fixed);

  size_t nodes() const { return spans_.size(); }
  size_t root(size_t node) { return sets_.root(node); }
  bool same(size_t a, size_t b) { return sets_.same(a, b); }

  /// The union of the ranges of a group's members; empty where none is known.
  std::optional<Range>& span(size_t node) { return spans_[root(node)]; }
  std::optional<FixedParams>& fixed(size_t node) { return fixed_[root(node)]; }

  /// Joins two groups and returns true, unless they cannot share parameters: both are fixed to different ones, or one
  /// is fixed to parameters that do not cover the other's range.
  bool join(size_t a, size_t b);

 private:
  DisjointSets sets_;
  std::vector<std::optional<Range>> spans_;
  FixedByNode fixed_;
};

/// Groups all nodes: joins what ops with ScaleRule::same and tied groups want on one scale, lets groups take the
/// parameters of a conversion of the file that reads them, and joins the operands of ScaleRule::inputs_as_output.
ParamsGroups group_params(const PlacedModel& placed, const TensorWidths& widths, const std::vector<TensorRange>& ranges,
                          FixedByNode fixed);

}  // namespace narrow
