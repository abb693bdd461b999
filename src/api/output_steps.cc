#include "api/output_steps.h"

#include <algorithm>
#include <set>

#include "graph/edit.h"
#include "ops/conversions/conversion.h"
#include "ops/def/operand_with.h"

namespace narrow {
namespace {

const Tensor* computed_tensor(const Graph& graph, const std::string& name) {
  auto const named = [&](const Tensor& t) { return t.name == name && !t.constant; };
  auto const at = std::ranges::find_if(graph.tensors, named);
  return at == graph.tensors.end() ? nullptr : &*at;
}

/// The tensor of a quantized graph that holds the values of the float tensor of that name; null where there is none.
const Tensor* stored_tensor(const Graph& graph, const std::string& name) {
  const Tensor* const inner = computed_tensor(graph, name + "/inner");  // before a conversion for callers
  return inner ? inner : computed_tensor(graph, name);
}

}  // namespace

std::vector<int> deciding_tensors(const Graph& graph) {
  std::vector<int> out = graph.outputs;
  std::vector<int> const makers = producers(graph);
  for (int& t : out) {
    if (makers[static_cast<size_t>(t)] < 0) continue;
    const Op& op = graph.ops[static_cast<size_t>(makers[static_cast<size_t>(t)])];
    if (!op.def || op.def->quant.output8 != ScaleRule::fixed) continue;
    if (int const data = operand_with(op, Role::activation); data != kNoTensor)
      if (int const read = op.inputs[static_cast<size_t>(data)]; !graph.tensor(read).constant) t = read;
  }
  return out;
}

std::shared_ptr<const Model> giving_out(const Model& model, int entry, const std::vector<std::string>& names) {
  auto out = std::make_shared<Model>(model);
  Graph& graph = out->graphs[static_cast<size_t>(entry)];
  std::vector<int> found;
  for (const std::string& name : names)
    if (const Tensor* const t = computed_tensor(graph, name))
      found.push_back(static_cast<int>(t - graph.tensors.data()));
  if (!names.empty() && found.size() == names.size()) graph.outputs = std::move(found);
  return out;
}

std::shared_ptr<const Model> rounded_alone(const Model& model, int entry, const std::vector<int>& tensors,
                                           const Model& quantized) {
  auto out = std::make_shared<Model>(model);
  Graph& graph = out->graphs[static_cast<size_t>(entry)];
  graph.outputs.clear();
  for (int t : tensors) {
    const Tensor* const stored = stored_tensor(quantized.graphs[static_cast<size_t>(entry)], graph.tensor(t).name);
    bool const steps = stored && stored->quantization.scales.size() == 1 && element_bytes(stored->dtype) == 1;
    if (!steps || graph.tensor(t).dtype != DType::float32) return nullptr;
    Tensor rounded = computed_like(graph.tensor(t));
    rounded.dtype = stored->dtype;
    rounded.quantization = stored->quantization;
    rounded.name += "/rounded";
    int const to = add_tensor(graph, std::move(rounded));
    graph.ops.push_back(conversion(graph, t, to));
    graph.outputs.push_back(to);
  }
  return out;
}

std::vector<Rule> wide_output_rules(const Graph& graph) {
  std::vector<int> const makers = producers(graph);
  std::vector<int> from = graph.outputs;
  std::set<int> ops;
  while (!from.empty()) {
    int const maker = makers[static_cast<size_t>(from.back())];
    from.pop_back();
    if (maker < 0 || !ops.insert(maker).second) continue;
    const Op& op = graph.ops[static_cast<size_t>(maker)];
    if (!op.def || !op.def->quant.int16) return {};
    if (op.def->quant.output16 == ScaleRule::free) continue;
    for (size_t i = 0; i < op.inputs.size(); ++i)
      if (op.def->quant.role(i) == Role::activation && op.inputs[i] != kNoTensor) from.push_back(op.inputs[i]);
  }
  std::vector<Rule> out;
  for (int i : ops) {
    const Op& op = graph.ops[static_cast<size_t>(i)];
    Rule rule{.name = NamePattern::exactly(op_name(graph, op)), .op = op.type, .role = {}, .set = {}};
    rule.set.activations = 16;
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace narrow
