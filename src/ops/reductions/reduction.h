// What the ops that reduce over whole dimensions share: operand 1 lists the axes, negative ones count from the end.
#pragma once

#include "ops/arithmetic/elementwise.h"
#include "ops/reductions/reductions.h"

extern "C" {
#include "portable/reductions/reduce.h"
}

namespace narrow {

/// The shape of operand 0 without the axes, or with 1 in their place.
Result<std::vector<Shape>> infer_reduction(const OpView& op);

/// One sample of the data and how it falls onto the results.
struct Reduction {
  nw_broadcast walk{};  // a: the data, b: the results
  int32_t count = 1;    // elements for each result, at least 1
  int64_t in_advance = 0;
  int64_t outputs = 0;

  nw_reduce_dims kept() const;
  nw_reduce_dims reduced() const;
};
Result<Reduction> reduction_of(const OpView& op);

}  // namespace narrow
