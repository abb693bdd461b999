// Which tensors get their range together, as the quantizer will see it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantize/types.h"

namespace narrow {

/// How far a params is to reach: values beyond +-value are clipped.
struct Limit {
  double value = 0;
  ParamsRule rule;

  /// What to make the params of, for values in `own`: symmetric activations reach the limit even where the values do
  /// not.
  Range range(const Range& own) const;
};

/// Tensors that end up on one params: what an op computes, and what passes its values on (concatenation, pooling,
/// reshapes, padding).
struct RangeGroup {
  std::vector<TensorRef> members;
  std::vector<int> tensors;  // those of the entry that are computed or given, in order of execution; maybe none
  std::string method;        // by which the range of the first member was asked for
  std::string fixed_by;      // what prescribes the params; empty where ranges make it
  ParamsRule rule;           // how the params follows from a range
  Range widest;              // of all that the members ever hold
  QuantParams params;        // what the ranges given to `range_groups` make of it

  Limit limit(double value) const { return {value, rule}; }
};

/// The least power of two that the group's params for all its values does not reach beyond; 0 where they are all 0.
double widest_limit(const RangeGroup& group);

/// All groups of tensors that become integer, in order of the step of graph `entry` that computes the first of each;
/// those with tensors of other graphs only come last. Errors: those of `quantize`.
Result<std::vector<RangeGroup>> range_groups(const Model& model, const RangeOf& range_of,
                                             const QuantizeOptions& options, int entry = 0);

}  // namespace narrow
