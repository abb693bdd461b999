#include "ops/control/body.h"
#include "ops/control/control.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_call_once(const OpView&) {
  return std::vector<Shape>();
}

Status check_graphs_call_once(const Model& model, const OpView& op) {
  NARROW_CHECK(check_body_inputs(model, op, 0));
  return check_body_outputs(model, op, 0);
}

Result<Step> lower_call_once(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto body, body_of(op, context, 0));
  return control_step(
      ControlFlow::running(ControlFlow::Kind::call_once, op.op.graphs),
      [body = body, variables = context.bodies->variables(), index = op.op.graphs[0]](const StepArgs&) {
        return variables->enter_once(index) ? body->run() : Status();
      },
      "a graph", body->host_only());
}

}  // namespace

const OpDef kCallOnce{
    .name = "CALL_ONCE",
    .arity = {.min_inputs = 0, .max_inputs = 0, .outputs = 0},
    .quant = {.output8 = ScaleRule::none, .output16 = ScaleRule::none, .versions = {1, 1, 1}},
    .infer = infer_call_once,
    .lower = lower_call_once,
    .check_graphs = check_graphs_call_once,
    .has_effects = true,
    .runs_once = true,
};

}  // namespace narrow
