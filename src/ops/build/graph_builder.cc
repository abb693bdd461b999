#include "ops/build/graph_builder.h"

#include <algorithm>
#include <utility>

#include "graph/edit.h"
#include "ops/check/validate.h"

namespace narrow {
namespace {

Op made(const OpDef& def, Attributes attributes, std::vector<int> inputs) {
  Op op;
  op.def = &def;
  op.type = def.name;
  op.attributes = std::move(attributes);
  op.inputs = std::move(inputs);
  return op;
}

std::vector<std::pair<std::string, int>> named(const Graph& graph, const std::vector<int>& tensors) {
  std::vector<std::pair<std::string, int>> out;
  for (int t : tensors) out.emplace_back(graph.tensor(t).name, t);
  return out;
}

}  // namespace

int GraphBuilder::add_graph(std::string name) {
  model_.graphs.emplace_back().name = std::move(name);
  return static_cast<int>(model_.graphs.size()) - 1;
}

int GraphBuilder::tensor(TensorSpec spec) {
  Tensor t;
  t.name = spec.name.empty() ? "t" + std::to_string(graph().tensors.size()) : std::move(spec.name);
  t.dtype = spec.dtype;
  t.shape = spec.shape;
  t.quantization = std::move(spec.quantization);
  return add_tensor(graph(), std::move(t));
}

int GraphBuilder::input(TensorSpec spec) {
  graph().inputs.push_back(tensor(std::move(spec)));
  return graph().inputs.back();
}

int GraphBuilder::constant(TensorSpec spec, std::span<const std::byte> values) {
  int const t = tensor(std::move(spec));
  at(t).constant = true;
  at(t).data = SharedBytes::copy_of(values);
  return t;
}

int GraphBuilder::indices(const std::vector<int32_t>& values) {
  return constant({.dtype = DType::int32, .shape = Shape::of({static_cast<int32_t>(values.size())})}, values);
}

Op& GraphBuilder::op(const OpDef& def, Attributes attributes, std::vector<int> inputs, std::vector<int> outputs,
                     std::vector<int> graphs) {
  Op op = made(def, std::move(attributes), std::move(inputs));
  op.outputs = std::move(outputs);
  op.graphs = std::move(graphs);
  return graph().ops.emplace_back(std::move(op));
}

Result<int> GraphBuilder::infer_op(const OpDef& def, Attributes attributes, std::vector<int> inputs,
                                   TensorSpec result) {
  Op op = made(def, std::move(attributes), std::move(inputs));
  auto shapes = def.infer(OpView{graph(), op});
  if (!shapes) return pass(std::move(shapes), def.name);
  result.shape = shapes->front();
  op.outputs = {tensor(std::move(result))};
  int const out = op.outputs.front();
  graph().ops.push_back(std::move(op));
  return out;
}

void GraphBuilder::signature(const std::string& key) {
  model_.signatures.push_back(
      {key, static_cast<int>(at_), named(graph(), graph().inputs), named(graph(), graph().outputs)});
}

Result<Model> GraphBuilder::finish() {
  NARROW_CHECK(validate(model_));
  for (Graph& g : model_.graphs)
    for (Op& op : g.ops)
      if (op.def) op.version = std::max(op.version, least_version(OpView{g, op}));
  return std::move(model_);
}

}  // namespace narrow
