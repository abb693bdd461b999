#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"

namespace narrow {
namespace {

/// The permutation, checked: each dimension of the data once.
Result<std::vector<int>> permutation(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, 1, "permutations"));
  int const rank = op.input(0).shape.rank();
  if (values.size() != static_cast<size_t>(rank))
    return fail(ErrorKind::bad_file, "a permutation of " + std::to_string(values.size()) +
                                         " dimensions for data of shape " + op.input(0).shape.text());
  std::vector<bool> seen(values.size(), false);
  std::vector<int> out;
  for (int64_t v : values) {
    NARROW_TRY(Axis const axis, Axis::resolve(v, rank));
    if (seen[static_cast<size_t>(axis.index())])
      return fail(ErrorKind::bad_file, "the permutation has dimension " + std::to_string(axis.index()) + " twice");
    seen[static_cast<size_t>(axis.index())] = true;
    out.push_back(axis.index());
  }
  return out;
}

Result<std::vector<Shape>> infer_transpose(const OpView& op) {
  NARROW_TRY(std::vector<int> const perm, permutation(op));
  std::vector<int32_t> dims;
  for (int d : perm) dims.push_back(op.input(0).shape[d]);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_transpose(const OpView& op, const LowerContext&) {
  NARROW_TRY(std::vector<int> const perm, permutation(op));
  std::vector<int64_t> const strides = strides_of(op.input(0).shape);
  View view;
  for (int d : perm) view.dims.push_back({op.input(0).shape[d], strides[static_cast<size_t>(d)]});
  return lower_view(op, view);
}

/// By the number of dimensions.
int version_transpose(const OpView& op) {
  int const rank = op.input(0).shape.rank();
  return rank > 6 ? 8 : rank > 5 ? 6 : rank > 4 ? 4 : op.input(0).dtype == DType::boolean ? 3 : 1;
}

}  // namespace

const OpDef kTranspose{
    .name = "TRANSPOSE",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 5}),
    .infer = infer_transpose,
    .lower = lower_transpose,
    .version = version_transpose,
};

}  // namespace narrow
