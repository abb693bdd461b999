// Range groups: the tensors that share quantization parameters, and so a range, as the quantizer will group them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantize/types.h"

namespace narrow {

/// A limit on the magnitude of values: those beyond +-value are clipped.
struct Limit {
  double value = 0;
  ParamsRule rule;

  /// The range whose parameters clip at the limit, for values in `own`. Symmetric parameters reach +-value even where
  /// the values do not.
  Range range(const Range& own) const;
};

/// Tensors with the same parameters: the result of an op, and what passes its values on (concatenation, pooling,
/// reshapes, padding).
struct RangeGroup {
  std::vector<TensorRef> members;
  std::vector<int> tensors;  // those of the entry that are computed or given, in order of execution; may be empty
  std::string method;        // the range method of the first member
  std::string fixed_by;      // what prescribes the parameters; empty where they follow from a range
  ParamsRule rule;           // how the parameters follow from a range
  Range widest;              // the union of the members' ranges
  QuantParams params;        // for the ranges given to `range_groups`

  Limit limit(double value) const { return {value, rule}; }
};

/// The least power of two that the group's parameters for `widest` do not reach beyond; 0 where all values are 0.
double widest_limit(const RangeGroup& group);

/// The groups of all tensors that become integer, in order of the op of graph `entry` that computes the first tensor
/// of each; groups without tensors of it come last. Errors: those of `quantize`.
Result<std::vector<RangeGroup>> range_groups(const Model& model, const RangeOf& range_of,
                                             const QuantizeOptions& options, int entry = 0);

}  // namespace narrow
