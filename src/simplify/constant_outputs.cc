#include "simplify/constant_outputs.h"

#include "graph/edit.h"
#include "narrow/types.h"
#include "ops/check/evaluate.h"
#include "ops/def/op_def.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

/// Leaves out each QUANTIZE of a constant: its result becomes one.
Status quantize_constants(Graph& graph) {
  const ProfileDef& profile = *find_profile(to_string(Profile::narrow));
  std::vector<Op> kept;
  for (Op& op : graph.ops) {
    if (conversion_of(op) != Conversion::quantize || !graph.tensor(op.inputs[0]).constant) {
      kept.push_back(std::move(op));
      continue;
    }
    NARROW_TRY(std::vector<Bytes> values, evaluate(graph, op, profile));
    Tensor& result = graph.tensor(op.outputs[0]);
    result.constant = true;
    result.data = SharedBytes(std::move(values[0]));
  }
  graph.ops = std::move(kept);
  return {};
}

/// An op that copies a constant to a tensor of its own, whose index it returns.
int add_copy(Graph& graph, int constant) {
  Tensor result = graph.tensor(constant);
  result.constant = false;
  result.data = {};
  auto const dims = graph.tensor(constant).shape.dims();
  Op op;
  op.def = &kReshape;
  op.type = kReshape.name;
  op.attributes = ReshapeAttributes{{dims.begin(), dims.end()}};
  op.inputs = {constant};
  op.outputs = {add_tensor(graph, std::move(result))};
  graph.ops.push_back(op);
  return op.outputs[0];
}

}  // namespace

Status compute_constant_outputs(Model& model, int entry) {
  Graph& graph = model.graphs[static_cast<size_t>(entry)];
  NARROW_CHECK(quantize_constants(graph));
  for (int& output : graph.outputs) {
    int const constant = output;
    if (!graph.tensor(constant).constant || graph.tensor(constant).is_float()) continue;
    output = add_copy(graph, constant);
    for (Signature& s : model.signatures)
      for (auto& [name, tensor] : s.outputs)
        if (s.graph == entry && tensor == constant) tensor = output;
  }
  return {};
}

}  // namespace narrow
