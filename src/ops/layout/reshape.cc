#include "graph/attribute_type.h"
#include "graph/edit.h"
#include "ops/layout/copy.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

/// The wanted dimensions, one of which may be -1: operand 1 where it is known, else the attribute; nothing
/// where operand 1 is not, and then the model's own result shape stands.
std::span<const int32_t> wanted(const OpView& op) {
  const Tensor* shape = op.maybe_input(1);
  if (shape && shape->known() && shape->dtype == DType::int32) return shape->values<int32_t>();
  return op.attributes<ReshapeAttributes>().new_shape;
}

Result<std::vector<Shape>> infer_reshape(const OpView& op) {
  std::span<const int32_t> const dims = wanted(op);
  if (dims.empty() && op.has_input(1) && !op.input(1).known()) return std::vector{op.output().shape};
  std::vector<int32_t> out(dims.begin(), dims.end());
  int64_t known = 1;
  int free = -1;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] != -1) {
      known *= std::max(out[i], 0);
      if (known > limits_in_force().tensor_elements) break;
    } else if (free >= 0) {
      return fail(ErrorKind::bad_file, "the new shape has more than one -1");
    } else {
      free = static_cast<int>(i);
    }
  }
  int64_t const elements = op.input(0).elements();
  if (free >= 0) out[static_cast<size_t>(free)] = known > 0 ? static_cast<int32_t>(elements / known) : 0;
  NARROW_TRY(Shape shape, Shape::make(out));
  if (shape.elements() != elements)
    return fail(ErrorKind::bad_file, "shape " + op.input(0).shape.text() + " cannot become " + shape.text());
  return std::vector{shape};
}

ChannelFlow channels_reshape(const OpView& op) {
  bool const stated = !op.has_input(1) || (op.input(1).constant && op.input(1).dtype == DType::int32);
  return stated ? ChannelFlow::rising : ChannelFlow::mixed;
}

/// The wanted last dimension becomes the result's.
void fit_last(std::vector<int32_t>& dims, const Shape& result) {
  if (!dims.empty() && dims.back() != -1) dims.back() = result.back();
}

void fit_channels_reshape(Graph& graph, Op& op) {
  const Shape& result = graph.tensor(op.outputs[0]).shape;
  auto attributes = op.attributes.get<ReshapeAttributes>();
  fit_last(attributes.new_shape, result);
  op.attributes = attributes;
  if (op.inputs.size() < 2 || op.inputs[1] == kNoTensor) return;
  Tensor shape = graph.tensor(op.inputs[1]);
  auto const stated = shape.values<int32_t>();
  std::vector<int32_t> dims(stated.begin(), stated.end());
  fit_last(dims, result);
  shape.data = SharedBytes::copy_of(std::span<const int32_t>(dims));
  op.inputs[1] = add_tensor(graph, std::move(shape));
}

}  // namespace

constexpr AttributeField kReshapeFields[] = {
    field<&ReshapeAttributes::new_shape>("new_shape"),
};
const AttributeType ReshapeAttributes::kType = attribute_type<ReshapeAttributes>("Reshape", kReshapeFields);

const OpDef kReshape{
    .name = "RESHAPE",
    .attributes = &ReshapeAttributes::kType,
    .arity = {.min_inputs = 1, .max_inputs = 2},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 1, .int16 = 1}),
    .infer = infer_reshape,
    .lower = lower_copy,
    .channels = channels_reshape,
    .fit_channels = fit_channels_reshape,
    .scaling_operands = 1,
    .shape_operand = 1,
};

}  // namespace narrow
