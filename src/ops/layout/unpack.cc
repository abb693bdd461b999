#include "graph/attribute_type.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

Result<Axis> axis_of_unpack(const OpView& op) {
  return Axis::resolve(op.attributes<UnpackAttributes>().axis, op.input(0).shape.rank());
}

Result<std::vector<Shape>> infer_unpack(const OpView& op) {
  NARROW_TRY(Axis const axis, axis_of_unpack(op));
  const Shape& in = op.input(0).shape;
  auto const results = static_cast<int64_t>(op.op.outputs.size());
  if (op.attributes<UnpackAttributes>().count != results || in[axis.index()] != results)
    return fail(ErrorKind::bad_file, std::to_string(results) + " results of the " + std::to_string(in[axis.index()]) +
                                         " indices of dimension " + std::to_string(axis.index()) + ", where " +
                                         std::to_string(op.attributes<UnpackAttributes>().count) + " are announced");
  std::vector<int32_t> dims(in.dims().begin(), in.dims().end());
  dims.erase(dims.begin() + axis.index());
  NARROW_TRY(Shape const shape, Shape::make(dims));
  return std::vector<Shape>(op.op.outputs.size(), shape);
}

Result<Step> lower_unpack(const OpView& op, const LowerContext&) {
  NARROW_TRY(Axis const axis, axis_of_unpack(op));
  return lower_split(op, 0, axis.index());
}

}  // namespace

constexpr AttributeField kUnpackFields[] = {
    field<&UnpackAttributes::count>("count"),
    field<&UnpackAttributes::axis>("axis"),
};
const AttributeType UnpackAttributes::kType = attribute_type<UnpackAttributes>("Unpack", kUnpackFields);

const OpDef kUnpack{
    .name = "UNPACK",
    .attributes = &UnpackAttributes::kType,
    .arity = {.outputs = kAnyNumber},
    .quant = moving_rule({Role::activation}, {.int8 = 2, .int16 = 4}),
    .infer = infer_unpack,
    .lower = lower_unpack,
};

}  // namespace narrow
