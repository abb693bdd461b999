// What lowering makes of recurrent layers on integers whose arithmetic is narrow's own: sums of gates and functions.
//
// Weights are int8, int4, or int16 beside 16-bit data, with zero point 0 and one scale, or one for each row. Biases are
// int32, int64 beside 16-bit data, on the scale of data times weights; where the model states the op's arithmetic, they
// are of any width, on such a scale times 2^k.
#pragma once

#include <span>
#include <vector>

#include "ops/def/op_def.h"
#include "ops/integer/multiplier.h"
#include "ops/recurrent/cell_function.h"
#include "rows/kernel.h"

extern "C" {
#include "portable/recurrent/cell.h"
}

namespace narrow {

/// The scale of sums and functions' results that tables of sigmoid and tanh take and give.
inline constexpr double kSquashSums = 0x1p-12, kSquashResults = 0x1p-15;

/// Whether the function is computed by that table, and so its sums have that scale whatever they are.
inline bool is_squash(CellFunction f) {
  return f == CellFunction::sigmoid || f == CellFunction::tanh;
}

/// The scale of value `i` inside of an op, a power of two; unsupported where the file has none.
Result<double> inside_scale(const OpView& op, size_t i);

/// The scale of the sums of a gate: kSquashSums, or that of value `inside` of the op.
Result<double> sums_scale(const OpView& op, CellFunction function, size_t inside);

/// Data, results and state of an op: unsupported where they are not integers of that type with one scale.
Status check_values(const Tensor& tensor, DType dtype);

/// The kernels of an op, by the widths of data and weights.
struct CellKernels {
  const Kernel &i8, &i16, &a8w4, &a16w4, &a16w16;
};

/// The one for data like `data` and the weights that these operands are; unsupported where there is none, or where the
/// model states another arithmetic than that of all of them: sums of 32 bits, of 64 beside 16-bit data, and one
/// rounding, ties up.
Result<const Kernel*> cell_kernel(const OpView& op, const CellKernels& kernels, const Tensor& data, size_t weights,
                                  size_t recurrent);

/// In the place of a bias that an op never has.
inline constexpr size_t kNoOperand = 32;

/// A matrix that meets data, and the bias that is added to its sums.
struct GateWeights {
  size_t weights = 0;            // operand [gates * units, columns]
  size_t bias = 0;               // operand, which may be left out; where it is shorter, of the last rows
  std::span<const double> sums;  // the scale of the sums of each gate
};

/// What the kernels take of it.
struct GateSums {
  std::vector<int64_t> biases;   // of all rows, with what the data's zero point contributes
  std::vector<int16_t> factors;  // of all rows
  std::vector<int> rights;       // of all gates

  bool has_biases() const;
};

/// Those over data like `data`. unsupported where types are others, or sums could leave theirs.
Result<GateSums> gate_sums(const OpView& op, const GateWeights& of, const Tensor& data);

/// The factor of single values of at most `most`, none of which becomes larger than 2^30.
Result<Multiplier> value_factor(double factor, double most);

/// A function as the kernels have it, of sums on one scale to results on another. Results of sigmoid and tanh are on
/// kSquashResults. `table` gets what the function's table holds, if it has one. unsupported, naming it, for what has no
/// such form.
Result<nw_cell_function> integer_function(const CellActivation& activation, double sums, double results,
                                          std::vector<int16_t>& table);

/// Likewise of gates, whose results lie in [-1, 1].
Result<nw_cell_function> gate_function(const CellActivation& activation, double sums, std::vector<int16_t>& table);

/// The bound of sums that `clip` (0: none) asks for.
int32_t sums_limit(float clip, double scale);

/// The constant array of biases, in the type of sums over data of that type.
ConstantArray bias_array(const char* name, const std::vector<int64_t>& values, DType data);

}  // namespace narrow
