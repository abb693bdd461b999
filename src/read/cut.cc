#include "read/cut.h"

#include <algorithm>

#include "base/nearest.h"
#include "graph/edit.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

using Names = std::vector<std::pair<std::string, int>>;

/// What signatures call the ends of the first graph.
Names signature_names(const Model& model, Names Signature::*list) {
  Names out;
  for (const Signature& s : model.signatures)
    if (s.graph == 0) out.insert(out.end(), (s.*list).begin(), (s.*list).end());
  return out;
}

std::string without_port(const std::string& name) {
  auto const colon = name.rfind(':');
  bool const port = colon != std::string::npos && colon + 1 < name.size() &&
                    name.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  return port ? name.substr(0, colon) : name;
}

Result<int> tensor_of(const Model& model, const std::string& name, Names Signature::*list, const char* field) {
  const Graph& graph = model.main();
  for (const std::string& wanted : {name, without_port(name)}) {
    for (const auto& [called, tensor] : signature_names(model, list))
      if (called == wanted) return tensor;
    for (size_t t = 0; t < graph.tensors.size(); ++t)
      if (graph.tensors[t].name == wanted) return static_cast<int>(t);
  }
  std::vector<std::string> known;
  for (const Tensor& t : graph.tensors) known.push_back(t.name);
  auto const meant = nearest(name, known);
  return refuse(field, "the model has no tensor or node '" + name + "'",
                meant ? "did you mean " + *meant + "?" : "`narrow inspect` lists the names");
}

Result<std::vector<int>> tensors_of(const Model& model, const std::vector<std::string>& names, Names Signature::*list,
                                    const char* field) {
  std::vector<int> out;
  for (const std::string& name : names) {
    NARROW_TRY(int const t, tensor_of(model, name, list, field));
    if (model.main().tensor(t).constant) return refuse(field, "'" + name + "' is a constant of the model");
    if (std::find(out.begin(), out.end(), t) == out.end()) out.push_back(t);
  }
  return out;
}

/// The ends of a signature of the first graph, by what they were called before or else their own names.
Names renamed(const Graph& graph, const Names& before, const std::vector<int>& tensors) {
  Names out;
  for (int const t : tensors) {
    auto const at = std::find_if(before.begin(), before.end(), [&](const auto& end) { return end.second == t; });
    out.emplace_back(at == before.end() ? graph.tensor(t).name : at->first, t);
  }
  return out;
}

/// What outputs need, from them back to inputs.
struct Needs {
  std::vector<bool> ops;
  std::vector<bool> tensors;
};
Needs needs_of(const Graph& graph, const std::vector<int>& outputs, const std::vector<int>& inputs) {
  Needs needs{std::vector(graph.ops.size(), false), std::vector(graph.tensors.size(), false)};
  for (int const t : outputs) needs.tensors[static_cast<size_t>(t)] = true;
  auto ends = [&](int t) { return std::find(inputs.begin(), inputs.end(), t) != inputs.end(); };
  for (size_t i = graph.ops.size(); i-- > 0;) {
    const Op& op = graph.ops[i];
    bool const wanted = std::any_of(op.outputs.begin(), op.outputs.end(), [&](int t) {
      return t != kNoTensor && needs.tensors[static_cast<size_t>(t)] && !ends(t);
    });
    needs.ops[i] = wanted || (op.def && op.def->has_effects);
    if (!needs.ops[i]) continue;
    for (int const t : op.inputs)
      if (t != kNoTensor) needs.tensors[static_cast<size_t>(t)] = true;
  }
  return needs;
}

}  // namespace

Status cut_model(Model& model, const LoadOptions& options) {
  if (options.inputs.empty() && options.outputs.empty()) return {};
  Graph& graph = model.main();
  NARROW_TRY(std::vector<int> outputs, tensors_of(model, options.outputs, &Signature::outputs, "outputs"));
  NARROW_TRY(std::vector<int> inputs, tensors_of(model, options.inputs, &Signature::inputs, "inputs"));
  if (outputs.empty()) outputs = graph.outputs;
  Needs const needs = needs_of(graph, outputs, inputs);
  for (int const t : graph.inputs) {
    if (!needs.tensors[static_cast<size_t>(t)] || std::find(inputs.begin(), inputs.end(), t) != inputs.end()) continue;
    if (!options.inputs.empty())
      return refuse("inputs", "the outputs also depend on input '" + graph.tensor(t).name + "'",
                    "name it too, or tensors between it and the outputs");
    inputs.push_back(t);
  }
  for (int const t : inputs) {
    if (!needs.tensors[static_cast<size_t>(t)])
      return refuse("inputs", "no output depends on '" + graph.tensor(t).name + "'");
    Tensor& tensor = graph.tensor(t);
    if (tensor.unranked) return refuse("inputs", "the file does not say what shape '" + tensor.name + "' has");
    tensor.from_shapes = false;
  }
  size_t i = 0;
  std::erase_if(graph.ops, [&](const Op&) { return !needs.ops[i++]; });
  for (Op& op : graph.ops)  // an op with several results may compute an input beside what is needed of it
    for (int& t : op.outputs)
      if (std::find(inputs.begin(), inputs.end(), t) != inputs.end())
        t = add_tensor(graph, computed_like(graph.tensor(t)));
  for (Signature& s : model.signatures) {
    if (s.graph != 0) continue;
    s.inputs = renamed(graph, s.inputs, inputs);
    s.outputs = renamed(graph, s.outputs, outputs);
  }
  graph.inputs = std::move(inputs);
  graph.outputs = std::move(outputs);
  drop_unused_tensors(model, 0);
  return {};
}

}  // namespace narrow
