#include <cstring>

#include "ops/control/body.h"
#include "ops/control/control.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_while(const OpView& op) {
  if (op.input_count() != op.op.outputs.size())
    return fail(ErrorKind::bad_file, "it has " + std::to_string(op.input_count()) + " operands and " +
                                         std::to_string(op.op.outputs.size()) + " results");
  std::vector<Shape> shapes;
  for (size_t i = 0; i < op.input_count(); ++i) {
    if (!op.has_input(i)) return fail(ErrorKind::bad_file, "an operand that it needs is left out");
    if (!op.output(i).unranked && op.output(i).shape != op.input(i).shape)
      return fail(ErrorKind::unsupported, "operand " + std::to_string(i) + " has shape " + op.input(i).shape.text() +
                                              " and its result " + op.output(i).shape.text());
    shapes.push_back(op.input(i).shape);
  }
  return shapes;
}

Status check_condition(const Model& model, int index) {
  const Graph& graph = model.graphs[static_cast<size_t>(index)];
  std::string const place = "graph " + std::to_string(index) + ", its condition, ";
  if (graph.outputs.size() != 1)
    return fail(ErrorKind::bad_file, place + "has " + std::to_string(graph.outputs.size()) + " outputs, not one");
  const Tensor& t = graph.tensor(graph.outputs[0]);
  if (t.dtype == DType::boolean && t.elements() == 1) return {};
  return fail(ErrorKind::bad_file, place + "gives " + to_string(t.dtype) + " " + t.shape.text() + ", not one boolean");
}

Status check_graphs_while(const Model& model, const OpView& op) {
  NARROW_CHECK(check_body_inputs(model, op, 0));
  NARROW_CHECK(check_condition(model, op.op.graphs[0]));
  NARROW_CHECK(check_body_inputs(model, op, 1));
  return check_body_outputs(model, op, 1);
}

// The values carried from one run to the next live in the op's results.
Result<Step> lower_while(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto condition, body_of(op, context, 0));
  NARROW_TRY(auto body, body_of(op, context, 1));
  NARROW_CHECK(check_output_shapes(op, *body));
  std::vector<size_t> bytes;
  for (int t : op.op.outputs) {
    const Tensor& result = op.graph.tensor(t);
    bytes.push_back(static_cast<size_t>(storage_bytes(result.dtype, result.elements()).value_or(0)));
  }
  return control_step(
      ControlFlow::running(ControlFlow::Kind::loop, op.op.graphs),
      [condition = condition, body = body, bytes](const StepArgs& a) -> Status {
        for (size_t i = 0; i < bytes.size(); ++i)
          if (bytes[i] > 0) std::memcpy(a.out[i], a.in[i], bytes[i]);
        for (;;) {
          hand_in(*condition, a.out);
          NARROW_CHECK(condition->run());
          if (*condition->output(0) == std::byte{0}) return {};
          hand_in(*body, a.out);
          NARROW_CHECK(body->run());
          take_out(*body, a.out);
        }
      },
      "a loop", condition->host_only() || body->host_only());
}

}  // namespace

const OpDef kWhile{
    .name = "WHILE",
    .arity = {.min_inputs = 0, .max_inputs = kLimits.tensors, .outputs = kAnyNumber},
    .quant = {.output8 = ScaleRule::none, .output16 = ScaleRule::none, .versions = {1, 1, 1}},
    .infer = infer_while,
    .lower = lower_while,
    .check_graphs = check_graphs_while,
    .passing = {.graphs = 2, .loops = true},
};

}  // namespace narrow
