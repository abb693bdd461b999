#include <array>

#include "graph/attribute_type.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"
#include "rows/describe.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_shape(const OpView& op) {
  NARROW_TRY(Shape shape, Shape::make(std::array{op.input(0).shape.rank()}));
  return std::vector{std::move(shape)};
}

template <class T>
Step write_step(std::span<const int32_t> integers) {
  std::vector<T> values(integers.begin(), integers.end());
  return call_step(copy_call(constant_array("values", element_type_of<T>(), values)));
}

Result<Step> lower_shape(const OpView& op, const LowerContext&) {
  DType const dtype = op.output().dtype;
  if (dtype != op.attributes<ShapeAttributes>().out_type)
    return fail(ErrorKind::bad_file, std::string("dimensions of ") +
                                         to_string(op.attributes<ShapeAttributes>().out_type) + " with a result of " +
                                         to_string(dtype));
  if (dtype == DType::int32) return write_step<int32_t>(op.input(0).shape.dims());
  if (dtype == DType::int64) return write_step<int64_t>(op.input(0).shape.dims());
  return fail(ErrorKind::unsupported, std::string("dimensions of type ") + to_string(dtype));
}

Result<std::vector<Shape>> infer_rank(const OpView&) {
  return std::vector{Shape()};
}

Result<Step> lower_rank(const OpView& op, const LowerContext&) {
  if (op.output().dtype != DType::int32)
    return fail(ErrorKind::bad_file, std::string("a number of dimensions of type ") + to_string(op.output().dtype));
  return write_step<int32_t>(std::array{op.input(0).shape.rank()});
}

}  // namespace

constexpr AttributeField kShapeFields[] = {
    field<&ShapeAttributes::out_type>("out_type"),
};
const AttributeType ShapeAttributes::kType = attribute_type<ShapeAttributes>("Shape", kShapeFields);

const OpDef kRank{
    .name = "RANK",
    .arity = {},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::none,
              .output16 = ScaleRule::none,
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_rank,
    .lower = lower_rank,
    .reads_values = false,
};

const OpDef kShape{
    .name = "SHAPE",
    .attributes = &ShapeAttributes::kType,
    .arity = {},
    .quant = {.int8 = true,
              .int16 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::none,
              .output16 = ScaleRule::none,
              .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_shape,
    .lower = lower_shape,
    .reads_values = false,
};

}  // namespace narrow
