#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"

namespace narrow {
namespace {

/// How often each dimension is repeated: never less than 0 times.
Result<std::vector<int64_t>> repetitions(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> times, index_values(op, 1, "repetitions"));
  const Shape& in = op.input(0).shape;
  if (times.size() != static_cast<size_t>(in.rank()))
    return fail(ErrorKind::bad_file, std::to_string(times.size()) + " repetitions for data of shape " + in.text());
  for (int64_t n : times) {
    if (n < 0) return fail(ErrorKind::bad_file, "a dimension repeated " + std::to_string(n) + " times");
    if (n > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "a dimension repeated " + std::to_string(n) + " times");
  }
  return times;
}

Result<std::vector<Shape>> infer_tile(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const times, repetitions(op));
  std::vector<int32_t> dims;
  for (size_t d = 0; d < times.size(); ++d) {
    int64_t const extent = times[d] * op.input(0).shape[static_cast<int>(d)];
    if (extent > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "a dimension of " + std::to_string(extent) + " elements");
    dims.push_back(static_cast<int32_t>(extent));
  }
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_tile(const OpView& op, const LowerContext&) {
  NARROW_TRY(std::vector<int64_t> const times, repetitions(op));
  std::vector<int64_t> const strides = strides_of(op.input(0).shape);
  View view;
  for (size_t d = 0; d < times.size(); ++d) {
    view.dims.push_back({times[d], 0});
    view.dims.push_back({op.input(0).shape[static_cast<int>(d)], strides[d]});
  }
  return lower_view(op, view);
}

}  // namespace

const OpDef kTile{
    .name = "TILE",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 3, .int16 = 1}),
    .infer = infer_tile,
    .lower = lower_tile,
};

}  // namespace narrow
