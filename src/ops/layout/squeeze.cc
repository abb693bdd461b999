#include "graph/attribute_type.h"
#include "ops/layout/copy.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_squeeze(const OpView& op) {
  const Shape& in = op.input(0).shape;
  auto const& axes = op.attributes<SqueezeAttributes>().axes;
  std::vector<bool> removed(static_cast<size_t>(in.rank()), false);
  for (int d = 0; d < in.rank(); ++d) removed[static_cast<size_t>(d)] = axes.empty() && in[d] == 1;
  for (int32_t a : axes) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, in.rank()));
    if (in[axis.index()] != 1)
      return fail(ErrorKind::bad_file, "dimension " + std::to_string(axis.index()) + " of " + in.text() +
                                           " has more or less than one element");
    removed[static_cast<size_t>(axis.index())] = true;
  }
  std::vector<int32_t> dims;
  for (int d = 0; d < in.rank(); ++d)
    if (!removed[static_cast<size_t>(d)]) dims.push_back(in[d]);
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

}  // namespace

constexpr AttributeField kSqueezeFields[] = {
    field<&SqueezeAttributes::axes>("axes"),
};
const AttributeType SqueezeAttributes::kType = attribute_type<SqueezeAttributes>("Squeeze", kSqueezeFields);

const OpDef kSqueeze{
    .name = "SQUEEZE",
    .attributes = &SqueezeAttributes::kType,
    .arity = {},
    .quant = moving_rule({Role::activation}, {.int8 = 1, .int16 = 1}),
    .infer = infer_squeeze,
    .lower = lower_copy,
    .channels = channels_always<ChannelFlow::rising>,
    .scaling_operands = 1,
};

}  // namespace narrow
