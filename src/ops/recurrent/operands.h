// What recurrent ops ask of their operands, and the weights among them in the order in which sums are made.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <vector>

#include "ops/def/op_def.h"
#include "ops/recurrent/cell_function.h"

namespace narrow {

/// Data [batch, time, in] of a sequence.
struct SequenceSizes {
  int batch = 1;
  int time = 1;
  int in = 1;
};

/// The sizes that operand 0 has; bad_file where it has other than three dimensions, or an empty one. `time_major`: its
/// first two dimensions are the other way round.
Result<SequenceSizes> sequence_sizes(const OpView& op, bool time_major);

/// The units of a layer whose recurrent weights, operand `index`, are [gates * units, units]; bad_file where they are
/// not.
Result<int> units_of(const OpView& op, size_t index, int gates);

/// Operand `index`, which errors call `what`, has this shape; bad_file otherwise, and where it is left out.
Status check_operand(const OpView& op, size_t index, const char* what, std::initializer_list<int> shape);

/// Likewise, for an operand that may be left out.
Status check_optional(const OpView& op, size_t index, const char* what, std::initializer_list<int> shape);

/// Shapes of results; limit_exceeded where one is too large.
Result<std::vector<Shape>> shapes_of(const std::vector<std::vector<int32_t>>& results);

/// All operands and results are float32; unsupported otherwise, naming the first that is not.
Status check_floats(const OpView& op);

/// Whether the values of each operand from `first` to `last` that is there are constant.
bool are_constant(const OpView& op, size_t first, size_t last);

/// Where the values of operands are: of constants for now, null in the places of others and of those left out.
std::vector<const void*> constant_values(const OpView& op);

/// A matrix [rows, columns] with its columns one behind the other, so that a column meets all sums at once.
void add_columns(const float* matrix, int rows, int columns, size_t stride, float* to);

/// sums[r] += x[c] * weights[c * stride + r] for all c in [0, columns) and r in [0, rows).
void add_products(const float* x, int columns, const float* weights, size_t stride, int rows, float* sums);

/// The cell function that the .tflite format's activation means; unsupported for the sign bit.
Result<CellActivation> cell_activation(Activation activation);

/// An operand that holds state, as recurrent.h says.
class StateOperand {
 public:
  StateOperand(const OpView& op, size_t index);

  /// Brings the `count` values with which a sequence begins to `to`.
  void begin(const StepArgs& a, float* to, size_t count) const;
  /// Leaves `count` values to the next run, if it is a variable.
  void end(const StepArgs& a, const float* from, size_t count) const;

 private:
  size_t index_;
  bool present_;
  bool variable_;
};

}  // namespace narrow
