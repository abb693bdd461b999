#include "ops/check/validate.h"

#include <algorithm>

#include "ops/check/validate_rules.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

Status validate_counts(const Model& model) {
  size_t tensors = 0, ops = 0;
  for (const Graph& g : model.graphs) {
    tensors += g.tensors.size();
    ops += g.ops.size();
  }
  if (model.graphs.empty()) return fail(ErrorKind::bad_file, "the model has no graph");
  auto over = [](size_t n, int limit, const char* what) -> Status {
    if (n <= static_cast<size_t>(limit)) return {};
    return fail(ErrorKind::limit_exceeded, "the model has more than " + std::to_string(limit) + " " + what, {},
                how_to_raise(what));
  };
  NARROW_CHECK(over(model.graphs.size(), limits_in_force().graphs, "graphs"));
  NARROW_CHECK(over(tensors, limits_in_force().tensors, "tensors"));
  return over(ops, limits_in_force().ops, "ops");
}

Status validate_tensors(const Graph& graph) {
  for (size_t t = 0; t < graph.tensors.size(); ++t)
    if (auto ok = validate_tensor(graph.tensors[t]); !ok)
      return pass(std::move(ok), tensor_label(graph, static_cast<int>(t)));
  return {};
}

/// As many operands and results as the op takes; those that it cannot do without are there.
Status validate_arity(const Op& op) {
  const Arity& arity = op.def->arity;
  auto const inputs = static_cast<int>(op.inputs.size()), outputs = static_cast<int>(op.outputs.size());
  if (inputs < arity.min_inputs || inputs > arity.max_inputs)
    return fail(ErrorKind::bad_file,
                "it has " + std::to_string(inputs) + " operands; it takes " + std::to_string(arity.min_inputs) +
                    (arity.max_inputs > arity.min_inputs ? " to " + std::to_string(arity.max_inputs) : std::string()));
  if (arity.outputs != kAnyNumber && outputs != arity.outputs)
    return fail(ErrorKind::bad_file,
                "it has " + std::to_string(outputs) + " results; it gives " + std::to_string(arity.outputs));
  bool const list = arity.max_inputs == kLimits.tensors;  // any number of operands, none of them left out
  auto const needed = list ? op.inputs.end() : op.inputs.begin() + arity.min_inputs;
  if (std::find(op.inputs.begin(), needed, kNoTensor) != needed)
    return fail(ErrorKind::bad_file, "an operand that it needs is left out");
  if (std::find(op.outputs.begin(), op.outputs.end(), kNoTensor) != op.outputs.end())
    return fail(ErrorKind::bad_file, "a result is left out");
  return {};
}

bool any_operand(const Graph& graph, const Op& op, bool (*is)(const Tensor&)) {
  return std::any_of(op.inputs.begin(), op.inputs.end(), [&](int t) { return t != kNoTensor && is(graph.tensor(t)); });
}

/// The shapes that the op's definition infers; none for a form of the op that it does not have, nor where the file
/// does not say the shape of an operand.
Result<std::vector<Shape>> inferred(const Graph& graph, const Op& op) {
  if (any_operand(graph, op, [](const Tensor& t) { return t.unranked; })) return std::vector<Shape>();
  auto shapes = op.def->infer(OpView{graph, op});
  if (shapes) return shapes;
  if (shapes.error().kind == ErrorKind::unsupported) return std::vector<Shape>();
  if (any_operand(graph, op, [](const Tensor& t) { return !t.shape_signature.empty(); }))
    return fail(ErrorKind::unsupported, "with its free dimensions as they are now, " + shapes.error().what, {},
                "say their sizes with `shape` or `batch`");
  return shapes;
}

Status validate_model(const Model& model) {
  NARROW_CHECK(check_structure(model));
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    const Graph& graph = model.graphs[g];
    for (size_t i = 0; i < graph.ops.size(); ++i)
      if (auto ok = validate_op(graph, graph.ops[i]); !ok)
        return pass(std::move(ok), op_label(graph, i) + ", graph " + std::to_string(g));
  }
  return validate_bodies(model);
}

}  // namespace

Status check_structure(const Model& model) {
  NARROW_CHECK(validate_counts(model));
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    Status ok = validate_tensors(model.graphs[g]);
    if (ok) ok = validate_flow(model.graphs[g]);
    if (!ok) return pass(std::move(ok), "graph " + std::to_string(g));
  }
  return validate_references(model);
}

Result<std::vector<Shape>> inferred_shapes(const Graph& graph, const Op& op) {
  if (op.attributes.type() != op.def->attributes) return fail(ErrorKind::internal, "its attributes are not this op's");
  NARROW_CHECK(validate_arity(op));
  return inferred(graph, op);
}

Status compare_shapes(const Graph& graph, const Op& op, const std::vector<Shape>& shapes) {
  for (size_t i = 0; i < shapes.size() && i < op.outputs.size(); ++i)
    if (graph.tensor(op.outputs[i]).shape != shapes[i])
      return fail(
          ErrorKind::bad_file,
          "its result has shape " + graph.tensor(op.outputs[i]).shape.text() + " but must have " + shapes[i].text(),
          tensor_label(graph, op.outputs[i]));
  return {};
}

Status validate_op(const Graph& graph, const Op& op) {
  if (!op.def) return {};
  NARROW_TRY(std::vector<Shape> const shapes, inferred_shapes(graph, op));
  return compare_shapes(graph, op, shapes);
}

Status validate(const Model& model) {
  auto ok = validate_model(model);
  return ok ? ok : pass(std::move(ok), model.source);
}

Status check_computable(const Graph& graph, const Op& op) {
  auto check = [&](int t) -> Status {
    if (t == kNoTensor) return {};
    const Tensor& tensor = graph.tensor(t);
    if (tensor.opaque)
      return fail(ErrorKind::unsupported, "its values are stored in a form that narrow only carries",
                  tensor_label(graph, t));
    if (!storage_bytes(tensor.dtype, 1) || (tensor.constant && tensor.dtype == DType::resource))
      return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(tensor.dtype),
                  tensor_label(graph, t));
    if (tensor.unranked) return fail(ErrorKind::unsupported, "the file does not say its shape", tensor_label(graph, t));
    return {};
  };
  for (int t : op.inputs) NARROW_CHECK(check(t));
  for (int t : op.outputs) NARROW_CHECK(check(t));
  NARROW_CHECK(validate_arity(op));
  NARROW_TRY(auto shapes, op.def->infer(OpView{graph, op}));
  return compare_shapes(graph, op, shapes);
}

std::vector<bool> uncomputable_tensors(const Graph& graph) {
  std::vector<bool> out(graph.tensors.size(), false);
  for (const Op& op : graph.ops) {
    bool missing = !op.def || !check_computable(graph, op);
    for (int t : op.inputs) missing = missing || (t != kNoTensor && out[static_cast<size_t>(t)]);
    for (int t : op.outputs)
      if (t != kNoTensor) out[static_cast<size_t>(t)] = missing;
  }
  return out;
}

}  // namespace narrow
