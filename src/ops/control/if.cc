#include "ops/control/body.h"
#include "ops/control/control.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_if(const OpView& op) {
  const Tensor& condition = op.input(0);
  if (condition.dtype != DType::boolean || condition.elements() != 1)
    return fail(ErrorKind::bad_file, std::string("its condition is ") + to_string(condition.dtype) + " " +
                                         condition.shape.text() + ", not one boolean");
  std::vector<Shape> shapes;
  for (int t : op.op.outputs) shapes.push_back(op.graph.tensor(t).shape);
  return shapes;
}

Status check_graphs_if(const Model& model, const OpView& op) {
  for (size_t branch = 0; branch < 2; ++branch) {
    NARROW_CHECK(check_body_inputs(model, op, branch, 1));
    NARROW_CHECK(check_body_outputs(model, op, branch));
  }
  return {};
}

Result<Step> lower_if(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto taken, body_of(op, context, 0, 1));
  NARROW_TRY(auto other, body_of(op, context, 1, 1));
  NARROW_CHECK(check_output_shapes(op, *taken));
  NARROW_CHECK(check_output_shapes(op, *other));
  return control_step(
      ControlFlow::running(ControlFlow::Kind::branch, op.op.graphs),
      [taken = taken, other = other](const StepArgs& a) -> Status {
        Body& body = *static_cast<const uint8_t*>(a.in[0]) != 0 ? *taken : *other;
        hand_in(body, a.in + 1);
        NARROW_CHECK(body.run());
        take_out(body, a.out);
        return {};
      },
      "a branch", taken->host_only() || other->host_only());
}

}  // namespace

const OpDef kIf{
    .name = "IF",
    .arity = {.min_inputs = 1, .max_inputs = kLimits.tensors, .outputs = kAnyNumber},
    .quant = {.roles = {Role::index, Role::activation},
              .output8 = ScaleRule::none,
              .output16 = ScaleRule::none,
              .versions = {1, 1, 1}},
    .infer = infer_if,
    .lower = lower_if,
    .check_graphs = check_graphs_if,
    .passing = {.graphs = 2, .skipped = 1},
};

}  // namespace narrow
