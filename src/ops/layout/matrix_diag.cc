#include <cstring>

#include "ops/layout/layout.h"
#include "ops/layout/view.h"
#include "rows/layout.h"

namespace narrow {
namespace {

/// The diagonals of matrices.
View diagonals(const Shape& matrices) {
  int const rank = matrices.rank();
  int64_t const rows = matrices[rank - 2], columns = matrices[rank - 1];
  return {.dims = {{matrices.product(0, rank - 2), rows * columns}, {std::min(rows, columns), columns + 1}}};
}

/// The call that writes operand `rows` to the diagonals of result 0.
KernelCall put_diagonals(const OpView& op, size_t rows, int32_t bytes) {
  return kernel_call(kPutStridedAny, strided_params(diagonals(op.output().shape), bytes), {operand(rows), result()});
}

Result<std::vector<Shape>> infer_matrix_diag(const OpView& op) {
  const Shape& in = op.input(0).shape;
  if (in.rank() < 1) return fail(ErrorKind::bad_file, "a scalar where rows are needed");
  std::vector<int32_t> dims(in.dims().begin(), in.dims().end());
  dims.push_back(in.back());
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_matrix_diag(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  Step step = call_step(zeros_call(op, bytes));
  step.calls.push_back(put_diagonals(op, 0, bytes));
  return step;
}

Result<std::vector<Shape>> infer_set(const OpView& op) {
  const Shape &in = op.input(0).shape, &rows = op.input(1).shape;
  bool fits = in.rank() >= 2 && rows.rank() == in.rank() - 1 && rows.back() == std::min(in[in.rank() - 2], in.back());
  for (int d = 0; fits && d < in.rank() - 2; ++d) fits = rows[d] == in[d];
  if (fits) return std::vector{in};
  return fail(ErrorKind::bad_file, "diagonals of shape " + rows.text() + " for matrices of shape " + in.text());
}

Result<Step> lower_set(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op, 2));
  int64_t const elements = op.output().elements();
  Step step = call_step(copy_call(operand(0), result(), elements, elements * bytes));
  step.calls.push_back(put_diagonals(op, 1, bytes));
  return step;
}

}  // namespace

// The kernel writes the integer 0, which stands for 0 where the zero point is 0: offered to quantizers for 16 bits
// only.
const OpDef kMatrixDiag{
    .name = "MATRIX_DIAG",
    .arity = {},
    .quant = {.int16 = true, .roles = {Role::activation}, .output16 = ScaleRule::same, .versions = {.int16 = 1}},
    .infer = infer_matrix_diag,
    .lower = lower_matrix_diag,
};

const OpDef kMatrixSetDiag{
    .name = "MATRIX_SET_DIAG",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = joining_rule({Role::activation}, {.int8 = 1, .int16 = 1}),
    .infer = infer_set,
    .lower = lower_set,
};

}  // namespace narrow
