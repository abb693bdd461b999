#include "ops/control/body.h"

#include <cstring>

namespace narrow {
namespace {

size_t bytes_of(const Tensor& t) {
  return static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
}

std::span<const int> operands_from(const OpView& op, size_t first) {
  return std::span(op.op.inputs).subspan(std::min(first, op.input_count()));
}

std::string graph_of(const OpView& op, size_t which) {
  return "graph " + std::to_string(op.op.graphs[which]);
}

Status check_types(const OpView& op, std::span<const int> ours, const Graph& body, std::span<const int> theirs,
                   const std::string& what) {
  if (ours.size() != theirs.size())
    return fail(ErrorKind::bad_file,
                what + "s are " + std::to_string(theirs.size()) + "; the op has " + std::to_string(ours.size()));
  for (size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == kNoTensor) return fail(ErrorKind::bad_file, "an operand that it needs is left out");
    DType const a = op.graph.tensor(ours[i]).dtype, b = body.tensor(theirs[i]).dtype;
    if (a != b)
      return fail(ErrorKind::bad_file,
                  what + " " + std::to_string(i) + " is " + to_string(b) + "; the op has " + to_string(a));
  }
  return {};
}

Status check_shapes(const OpView& op, std::span<const int> ours, const Graph& body, std::span<const int> theirs,
                    const char* what) {
  for (size_t i = 0; i < ours.size(); ++i) {
    const Shape &a = op.graph.tensor(ours[i]).shape, &b = body.tensor(theirs[i]).shape;
    if (a != b)
      return fail(ErrorKind::unsupported, std::string(what) + " " + std::to_string(i) + " of the graph it runs, '" +
                                              readable(body.name) + "', has shape " + b.text() + "; the op has " +
                                              a.text());
  }
  return {};
}

}  // namespace

Status check_body_inputs(const Model& model, const OpView& op, size_t which, size_t first) {
  if (which >= op.op.graphs.size())
    return fail(ErrorKind::bad_file, "it names " + std::to_string(op.op.graphs.size()) + " graphs to run");
  const Graph& body = model.graphs[static_cast<size_t>(op.op.graphs[which])];
  return check_types(op, operands_from(op, first), body, body.inputs, graph_of(op, which) + "'s input");
}

Status check_body_outputs(const Model& model, const OpView& op, size_t which) {
  const Graph& body = model.graphs[static_cast<size_t>(op.op.graphs[which])];
  return check_types(op, op.op.outputs, body, body.outputs, graph_of(op, which) + "'s output");
}

Result<std::shared_ptr<Body>> body_of(const OpView& op, const LowerContext& context, size_t which, size_t first) {
  if (!context.bodies) return fail(ErrorKind::unsupported, "it runs only as a part of a program");
  NARROW_TRY(std::shared_ptr<Body> body, context.bodies->body(op.op.graphs[which]));
  NARROW_CHECK(check_shapes(op, operands_from(op, first), body->graph(), body->graph().inputs, "input"));
  return body;
}

Status check_output_shapes(const OpView& op, const Body& body) {
  return check_shapes(op, op.op.outputs, body.graph(), body.graph().outputs, "output");
}

void hand_in(Body& body, const void* const* values) {
  const Graph& graph = body.graph();
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    if (size_t const n = bytes_of(graph.tensor(graph.inputs[i]))) std::memcpy(body.input(i), values[i], n);
}

void take_out(const Body& body, void* const* values) {
  const Graph& graph = body.graph();
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    if (size_t const n = bytes_of(graph.tensor(graph.outputs[i]))) std::memcpy(values[i], body.output(i), n);
}

}  // namespace narrow
