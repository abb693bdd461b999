#include "ops/control/body.h"
#include "ops/control/control.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_call(const OpView& op) {
  std::vector<Shape> shapes;
  for (int t : op.op.outputs) shapes.push_back(op.graph.tensor(t).shape);
  return shapes;
}

Status check_graphs_call(const Model& model, const OpView& op) {
  NARROW_CHECK(check_body_inputs(model, op, 0));
  return check_body_outputs(model, op, 0);
}

Result<Step> lower_call(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto body, body_of(op, context, 0));
  NARROW_CHECK(check_output_shapes(op, *body));
  return control_step(
      ControlFlow::running(ControlFlow::Kind::call, op.op.graphs),
      [body = body](const StepArgs& a) -> Status {
        hand_in(*body, a.in);
        NARROW_CHECK(body->run());
        take_out(*body, a.out);
        return {};
      },
      "a graph", body->host_only());
}

constexpr OpDef runs_a_graph(const char* name) {
  return {
      .name = name,
      .arity = {.min_inputs = 0, .max_inputs = kLimits.tensors, .outputs = kAnyNumber},
      .quant = {.output8 = ScaleRule::none, .output16 = ScaleRule::none, .versions = {1, 1, 1}},
      .infer = infer_call,
      .lower = lower_call,
      .check_graphs = check_graphs_call,
      .passing = {.graphs = 1},
  };
}

}  // namespace

const OpDef kCall = runs_a_graph("CALL");
const OpDef kStablehloComposite = runs_a_graph("STABLEHLO_COMPOSITE");

}  // namespace narrow
