// Constants whose values a file holds in a form of its own: sparse, or quantized in blocks.
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// What an opaque constant carries whose values can be had in dense form.
struct FoldedValues : Passthrough {
  /// The constant `tensor` of `graph`, which carries this, as a dense one that is not opaque, with the same real
  /// values. Errors: bad_file where the form and the values contradict each other, unsupported where it cannot be
  /// unfolded.
  virtual Result<Tensor> unfolded(const Graph& graph, const Tensor& tensor) const = 0;
};

}  // namespace narrow
