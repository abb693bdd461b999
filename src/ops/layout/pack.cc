#include "graph/attribute_type.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

Result<Axis> new_axis_pack(const OpView& op) {
  return Axis::resolve(op.attributes<PackAttributes>().axis, op.input(0).shape.rank() + 1);
}

Result<std::vector<Shape>> infer_pack(const OpView& op) {
  const Shape& first = op.input(0).shape;
  int const count = op.attributes<PackAttributes>().count;
  if (count != static_cast<int64_t>(op.input_count()))
    return fail(ErrorKind::bad_file,
                std::to_string(op.input_count()) + " operands where " + std::to_string(count) + " are announced");
  for (size_t i = 1; i < op.input_count(); ++i)
    if (op.input(i).shape != first)
      return fail(ErrorKind::bad_file, "shapes " + first.text() + " and " + op.input(i).shape.text() + " differ");
  NARROW_TRY(Axis const axis, new_axis_pack(op));
  std::vector<int32_t> dims(first.dims().begin(), first.dims().end());
  dims.insert(dims.begin() + axis.index(), count);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_pack(const OpView& op, const LowerContext&) {
  NARROW_TRY(Axis const axis, new_axis_pack(op));
  return lower_join(op, axis.index());
}

}  // namespace

constexpr AttributeField kPackFields[] = {
    field<&PackAttributes::count>("count"),
    field<&PackAttributes::axis>("axis"),
};
const AttributeType PackAttributes::kType = attribute_type<PackAttributes>("Pack", kPackFields);

const OpDef kPack{
    .name = "PACK",
    .attributes = &PackAttributes::kType,
    .arity = {.min_inputs = 1, .max_inputs = kLimits.tensors},
    .quant = joining_rule({Role::activation}, {.int8 = 2, .int16 = 3}),
    .infer = infer_pack,
    .lower = lower_pack,
};

}  // namespace narrow
