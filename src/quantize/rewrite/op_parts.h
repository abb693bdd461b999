// Ops that are not one layer but several (QuantRule::parts), in integers.
#pragma once

#include "quantize/plan/stored_constants.h"
#include "quantize/recipe/layer_widths.h"
#include "quantize/rewrite/tensor_copies.h"
#include "quantize/weights/layer_spec.h"

namespace narrow {

/// Where an op is rewritten: graph `number` of the source becomes `out`.
struct RewrittenGraph {
  const Graph& source;
  int number;
  const StoredConstants& constants;
  TensorCopies& copies;
  Graph& out;
};

/// Gives the constants, states and intermediates of a float op, which becomes `out`, their integers and scales, and the
/// op its arithmetic. Data and results are integers by now. Its matrices of weights that meet data, or the result of
/// the step before; first those that meet data. unsupported where a bias does not fit.
Result<std::vector<PartSpec>> rewrite_parts(const RewrittenGraph& at, const Op& op, Op& out, const LayerWidths& widths);

}  // namespace narrow
