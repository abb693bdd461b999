// Which tensors get their range together, as the quantizer will see it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quantize/quantize.h"

namespace narrow {

/// How far a grid reaches: values beyond +-value are clipped.
struct Limit {
  double value = 0;
  int bits = 8;
  bool power_of_two = false;  // such a grid reaches from -value to a step below value

  /// What of `range` is within.
  Range cut(const Range& range) const;
  /// As much for who asks for this very limit: symmetric grids reach it even where the values do not.
  Range by_hand(const Range& own) const;

 private:
  double high() const;
};

/// Tensors that end up on one grid: what an op computes, and what passes its values on (concatenation, pooling,
/// reshapes, padding).
struct RangeGroup {
  std::vector<TensorRef> members;
  std::vector<int> tensors;   // those of the first graph that are computed or given, in order of execution; maybe none
  std::string method;         // by which the range of the first member was asked for
  std::string fixed_by;       // what prescribes the grid; empty where ranges make it
  int bits = 8;               // 8 or 16
  bool power_of_two = false;  // whether scales are 2^-n and zero points 0
  Range widest;               // of all that the members ever hold
  Grid grid;                  // what the ranges given to `range_groups` make of it

  Limit limit(double value) const { return {value, bits, power_of_two}; }
};

/// The grid that the quantizer makes of a range for a group.
Grid grid_for(const RangeGroup& group, const Range& range);

/// The least power of two that reaches as far as the group's grid does with all its values; 0 where they are all 0.
double widest_limit(const RangeGroup& group);

/// All groups of tensors that become integer, in order of the step of the first graph that computes the first of each;
/// those with tensors of other graphs only come last. Errors: those of `quantize`.
Result<std::vector<RangeGroup>> range_groups(const Model& model, const RangeOf& range_of,
                                             const QuantizeOptions& options);

}  // namespace narrow
