// Which elements of values that are computed from shapes change with the free dimensions of a model.
#pragma once

#include <map>
#include <vector>

#include "base/bytes.h"
#include "graph/model.h"

namespace narrow {

/// Whether the results of an op depend on the sizes of its operands, and a file leaves one of these free.
bool depends_on_free_dimensions(const Graph& graph, const Op& op);

/// Follows the elements through ops that only move them, so that what is taken of a shape's fixed dimensions is known
/// to be fixed. Ops are asked about in order of execution.
class FreeElements {
 public:
  explicit FreeElements(Graph& graph) : graph_(graph) {}

  /// Whether an element of an op's results may change with the free dimensions; true where that is not known.
  bool among_results(const Op& op);

 private:
  /// An integer for each element, of the tensor's type: 0 where the element is fixed, 1 where it may change.
  using Marks = Bytes;

  Marks all_fixed(int tensor) const;
  bool mark_shape(const Op& op);
  bool mark_moved(const Op& op);

  Graph& graph_;                // as it was, but while marks are moved
  std::map<int, Marks> marks_;  // of tensors with an element that may change
};

}  // namespace narrow
