#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"

namespace narrow {
namespace {

/// For each dimension whether it is reversed.
Result<std::vector<bool>> reversed(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const axes, index_values(op, 1, "axes"));
  int const rank = op.input(0).shape.rank();
  std::vector<bool> out(static_cast<size_t>(rank), false);
  for (int64_t a : axes) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, rank));
    if (out[static_cast<size_t>(axis.index())])
      return fail(ErrorKind::bad_file, "axis " + std::to_string(axis.index()) + " is listed twice");
    out[static_cast<size_t>(axis.index())] = true;
  }
  return out;
}

Result<std::vector<Shape>> infer_reverse_v2(const OpView& op) {
  NARROW_CHECK(reversed(op));
  return std::vector{op.input(0).shape};
}

Result<Step> lower_reverse_v2(const OpView& op, const LowerContext&) {
  NARROW_TRY(std::vector<bool> const backwards, reversed(op));
  const Shape& in = op.input(0).shape;
  std::vector<int64_t> const strides = strides_of(in);
  View view;
  for (size_t d = 0; d < backwards.size(); ++d) {
    int32_t const extent = in[static_cast<int>(d)];
    view.dims.push_back({extent, backwards[d] ? -strides[d] : strides[d]});
    if (backwards[d]) view.offset += (extent - 1) * strides[d];
  }
  return lower_view(op, view);
}

int version_reverse_v2(const OpView& op) {
  return op.input(0).dtype == DType::boolean ? 2 : 1;
}

}  // namespace

const OpDef kReverseV2{
    .name = "REVERSE_V2",
    .arity = {.min_inputs = 2, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 3, .int16 = 1}),
    .infer = infer_reverse_v2,
    .lower = lower_reverse_v2,
    .version = version_reverse_v2,
};

}  // namespace narrow
