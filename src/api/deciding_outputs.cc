#include "api/deciding_outputs.h"

#include "ops/def/op_def.h"
#include "ops/def/operand_with.h"

namespace narrow {

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

std::vector<std::string> deciding_names(const Graph& graph) {
  std::vector<std::string> out;
  std::vector<int> const deciding = deciding_tensors(graph);
  if (deciding == graph.outputs) return out;
  for (int t : deciding) out.push_back(graph.tensor(t).name);
  return out;
}

std::shared_ptr<const Model> giving_out(const Model& model, int entry, const std::vector<std::string>& names) {
  auto out = std::make_shared<Model>(model);
  Graph& graph = out->graphs[static_cast<size_t>(entry)];
  std::vector<int> found;
  for (const std::string& name : names)
    for (size_t t = 0; t < graph.tensors.size(); ++t)
      if (graph.tensors[t].name == name && !graph.tensors[t].constant) {
        found.push_back(static_cast<int>(t));
        break;
      }
  if (!names.empty() && found.size() == names.size()) graph.outputs = std::move(found);
  return out;
}

}  // namespace narrow
