#include "graph/attribute_type.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_concatenation(const OpView& op) {
  const Shape& first = op.input(0).shape;
  NARROW_TRY(Axis const axis, Axis::resolve(op.attributes<ConcatenationAttributes>().axis, first.rank()));
  std::vector<int32_t> dims(first.dims().begin(), first.dims().end());
  int64_t along = 0;
  for (size_t i = 0; i < op.input_count(); ++i) {
    const Shape& s = op.input(i).shape;
    bool fits = s.rank() == first.rank();
    for (int d = 0; fits && d < s.rank(); ++d) fits = d == axis.index() || s[d] == first[d];
    if (!fits)
      return fail(ErrorKind::bad_file, "shapes " + first.text() + " and " + s.text() + " do not join along axis " +
                                           std::to_string(axis.index()));
    along += s[axis.index()];
    if (along > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "the operands have too many elements along the axis");
  }
  dims[static_cast<size_t>(axis.index())] = static_cast<int32_t>(along);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_concatenation(const OpView& op, const LowerContext&) {
  auto const& a = op.attributes<ConcatenationAttributes>();
  if (a.activation != Activation::none)
    return fail(ErrorKind::unsupported, "a fused activation; runtimes do not compute one here");
  NARROW_TRY(Axis const axis, Axis::resolve(a.axis, op.output().shape.rank()));
  return lower_join(op, axis.index());
}

}  // namespace

constexpr AttributeField kConcatenationFields[] = {
    field<&ConcatenationAttributes::axis>("axis"),
    field<&ConcatenationAttributes::activation>("activation"),
};
const AttributeType ConcatenationAttributes::kType =
    attribute_type<ConcatenationAttributes>("Concatenation", kConcatenationFields);

const OpDef kConcatenation{
    .name = "CONCATENATION",
    .attributes = &ConcatenationAttributes::kType,
    .arity = {.min_inputs = 1, .max_inputs = kLimits.tensors},
    .quant = joining_rule({Role::activation}, {.int8 = 2, .int16 = 3}),
    .infer = infer_concatenation,
    .lower = lower_concatenation,
    .short_name = "CONCAT",
};

}  // namespace narrow
