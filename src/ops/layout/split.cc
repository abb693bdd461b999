#include "graph/attribute_type.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

Result<Axis> axis_of_split(const OpView& op, size_t data, size_t operand) {
  NARROW_TRY(int64_t const axis, index_value(op, operand, "axes"));
  return Axis::resolve(axis, op.input(data).shape.rank());
}

Status check_count(const OpView& op) {
  int const announced = op.attributes<SplitAttributes>().count;
  auto const results = static_cast<int64_t>(op.op.outputs.size());
  if (announced == results && announced > 0) return {};
  return fail(ErrorKind::bad_file,
              std::to_string(results) + " results where " + std::to_string(announced) + " are announced");
}

/// Shapes of the parts of `whole` along `axis`.
Result<std::vector<Shape>> parts_of(const Shape& whole, Axis axis, const std::vector<int64_t>& sizes) {
  std::vector<Shape> out;
  for (int64_t size : sizes) {
    std::vector<int32_t> dims(whole.dims().begin(), whole.dims().end());
    dims[static_cast<size_t>(axis.index())] = static_cast<int32_t>(size);
    NARROW_TRY(Shape shape, Shape::make(dims));
    out.push_back(std::move(shape));
  }
  return out;
}

Result<std::vector<Shape>> infer_split(const OpView& op) {
  NARROW_CHECK(check_count(op));
  NARROW_TRY(Axis const axis, axis_of_split(op, 1, 0));
  const Shape& in = op.input(1).shape;
  int64_t const extent = in[axis.index()], count = op.attributes<SplitAttributes>().count;
  if (extent % count != 0)
    return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(extent) + " elements does not split into " +
                                         std::to_string(count) + " equal parts");
  return parts_of(in, axis, std::vector<int64_t>(static_cast<size_t>(count), extent / count));
}

Result<Step> lower_split(const OpView& op, const LowerContext&) {
  NARROW_TRY(Axis const axis, axis_of_split(op, 1, 0));
  return lower_split(op, 1, axis.index());
}

/// The sizes that operand 1 lists, -1 replaced by what the others leave of `extent`.
Result<std::vector<int64_t>> sizes_of(const OpView& op, int64_t extent) {
  NARROW_TRY(std::vector<int64_t> sizes, index_values(op, 1, "sizes"));
  if (sizes.size() != op.op.outputs.size())
    return fail(ErrorKind::bad_file,
                std::to_string(sizes.size()) + " sizes for " + std::to_string(op.op.outputs.size()) + " results");
  int64_t* rest = nullptr;
  int64_t left = extent;
  for (int64_t& size : sizes) {
    if (size < -1 || size > extent || (size == -1 && rest))
      return fail(ErrorKind::bad_file, "a size of " + std::to_string(size) + " along a dimension of " +
                                           std::to_string(extent) + " elements");
    if (size == -1)
      rest = &size;
    else
      left -= size;
  }
  if (left < 0 || (left > 0 && !rest))
    return fail(ErrorKind::bad_file, "the sizes do not sum up to " + std::to_string(extent) + " elements");
  if (rest) *rest = left;
  return sizes;
}

Result<std::vector<Shape>> infer_v(const OpView& op) {
  NARROW_CHECK(check_count(op));
  NARROW_TRY(Axis const axis, axis_of_split(op, 0, 2));
  NARROW_TRY(std::vector<int64_t> const sizes, sizes_of(op, op.input(0).shape[axis.index()]));
  return parts_of(op.input(0).shape, axis, sizes);
}

Result<Step> lower_v(const OpView& op, const LowerContext&) {
  NARROW_TRY(Axis const axis, axis_of_split(op, 0, 2));
  return lower_split(op, 0, axis.index());
}

}  // namespace

constexpr AttributeField kSplitFields[] = {
    field<&SplitAttributes::count>("count"),
};
const AttributeType SplitAttributes::kType = attribute_type<SplitAttributes>("Split", kSplitFields);

const OpDef kSplit{
    .name = "SPLIT",
    .attributes = &SplitAttributes::kType,
    .arity = {.min_inputs = 2, .max_inputs = 2, .outputs = kAnyNumber},
    .quant = moving_rule({Role::index, Role::activation}, {.int8 = 2, .int16 = 4}),
    .infer = infer_split,
    .lower = lower_split,
};

const OpDef kSplitV{
    .name = "SPLIT_V",
    .attributes = &SplitAttributes::kType,
    .arity = {.min_inputs = 3, .max_inputs = 3, .outputs = kAnyNumber},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 1}),
    .infer = infer_v,
    .lower = lower_v,
};

}  // namespace narrow
