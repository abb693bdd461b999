#include "graph/attribute_type.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/move.h"
#include "rows/indexing.h"

extern "C" {
#include "portable/indexing/one_hot.h"
}

namespace narrow {
namespace {

Result<Axis> new_axis_one_hot(const OpView& op) {
  return Axis::resolve(op.attributes<OneHotAttributes>().axis, op.input(0).shape.rank() + 1);
}

Result<std::vector<Shape>> infer_one_hot(const OpView& op) {
  NARROW_CHECK(index_bytes(op, 0, "positions"));
  NARROW_TRY(Axis const axis, new_axis_one_hot(op));
  NARROW_TRY(int64_t const depth, index_value(op, 1, "depths"));
  if (depth < 0) return fail(ErrorKind::bad_file, "a depth of " + std::to_string(depth));
  if (depth > limits_in_force().tensor_elements)
    return fail(ErrorKind::limit_exceeded, "a depth of " + std::to_string(depth) + " elements");
  for (size_t i = 2; i < 4; ++i)
    if (op.input(i).elements() != 1)
      return fail(ErrorKind::bad_file, "a value of shape " + op.input(i).shape.text() + " where a scalar is needed");
  const Shape& in = op.input(0).shape;
  std::vector<int32_t> dims(in.dims().begin(), in.dims().end());
  dims.insert(dims.begin() + axis.index(), static_cast<int32_t>(depth));
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_one_hot(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op.input(2), op.output()));
  NARROW_CHECK(moved_element_bytes(op.input(3), op.output()));
  NARROW_TRY(Axis const axis, new_axis_one_hot(op));
  NARROW_TRY(int32_t const wide, index_bytes(op, 0, "positions"));
  const Shape& in = op.input(0).shape;
  nw_one_hot_params const p{.outer = static_cast<nw_i32>(in.product(0, axis.index())),
                            .depth = op.output().shape[axis.index()],
                            .inner = static_cast<nw_i32>(in.product(axis.index(), in.rank())),
                            .element_bytes = bytes,
                            .index_bytes = wide};
  return call_step(kernel_call(kOneHotAny, p, {operand(0), operand(2), operand(3), result()}));
}

}  // namespace

constexpr AttributeField kOneHotFields[] = {
    field<&OneHotAttributes::axis>("axis"),
};
const AttributeType OneHotAttributes::kType = attribute_type<OneHotAttributes>("OneHot", kOneHotFields);

// 16 bits: no runtime has a kernel.
const OpDef kOneHot{
    .name = "ONE_HOT",
    .attributes = &OneHotAttributes::kType,
    .arity = {.min_inputs = 4, .max_inputs = 4},
    .quant = {.int8 = true,
              .roles = {Role::index, Role::index, Role::activation},
              .output8 = ScaleRule::inputs_as_output,
              .versions = {.int8 = 1}},
    .infer = infer_one_hot,
    .lower = lower_one_hot,
};

}  // namespace narrow
