// Which expressions the tensors of a network hold: its ops run over the numbers of elements instead of values.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/shape.h"
#include "graph/model.h"
#include "simplify/recurrent/expressions.h"

namespace narrow {

/// What a tensor holds: values that are known before the model runs, the numbers of the elements of expressions, or
/// neither.
struct TracedValue {
  std::shared_ptr<const std::vector<int32_t>> numbers{};
  bool known = false;
  SharedBytes bytes{};           // of what is known
  std::optional<Shape> shape{};  // nothing where only the file says it

  bool empty() const { return !known && !numbers; }
};

struct Trace {
  Expressions expressions;
  std::vector<TracedValue> tensors;  // of the first graph
};

/// The expressions of the tensors of a model's first graph, whose inputs have their shapes; check_structure has found
/// nothing. `rows` is the number of samples in a run; an input or a result that nothing is known of has them in its
/// first dimension. Loops are gone through for as often as they run, where that is known and not too often, with the
/// shapes that tensors have in each round. Nothing where the network is too large.
std::optional<Trace> trace(const Model& model, int rows);

}  // namespace narrow
