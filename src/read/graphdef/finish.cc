#include "read/graphdef/finish.h"

#include <algorithm>

#include "graph/edit.h"
#include "ops/def/op_def.h"

namespace narrow::graphdef {
namespace {

/// Whether a tensor is a constant with as many elements as `channels`, along its last dimension.
bool is_per_channel(const Tensor& t, int32_t channels) {
  return t.constant && t.dtype == DType::float32 && t.shape.rank() >= 1 && t.shape.back() == channels &&
         t.elements() == channels;
}

void merge_biases(Graph& graph, const std::set<int>& sums) {
  std::vector<int> const producer = producers(graph);
  std::vector<std::vector<int>> const readers = consumers(graph);
  std::vector<bool> merged(graph.ops.size(), false);
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    Op& sum = graph.ops[i];
    if (!sums.contains(sum.outputs[0])) continue;
    for (size_t side : {size_t{0}, size_t{1}}) {
      int const x = sum.inputs[side], bias = sum.inputs[1 - side];
      int const at = producer[static_cast<size_t>(x)];
      if (at < 0 || graph.tensor(x).shape.rank() == 0 || graph.tensor(bias).shape.rank() != 1) continue;
      Op& layer = graph.ops[static_cast<size_t>(at)];
      bool const free_place = layer.def->weight_layout != WeightLayout::none &&
                              layer.inputs.size() + 1 == static_cast<size_t>(layer.def->arity.max_inputs);
      bool const shown = std::find(graph.outputs.begin(), graph.outputs.end(), x) != graph.outputs.end();
      if (!free_place || shown || readers[static_cast<size_t>(x)].size() != 1 ||
          !is_per_channel(graph.tensor(bias), graph.tensor(x).shape.back()))
        continue;
      layer.inputs.push_back(bias);
      layer.outputs = sum.outputs;
      merged[i] = true;
      break;
    }
  }
  size_t kept = 0;
  for (size_t i = 0; i < graph.ops.size(); ++i)
    if (!merged[i]) {
      if (kept != i) graph.ops[kept] = std::move(graph.ops[i]);
      ++kept;
    }
  graph.ops.resize(kept);
}

void drop_unread(Graph& graph) {
  std::vector<bool> read(graph.tensors.size(), false);
  for (int const t : graph.outputs) read[static_cast<size_t>(t)] = true;
  std::vector<bool> needed(graph.ops.size(), false);
  for (size_t i = graph.ops.size(); i-- > 0;) {
    const Op& op = graph.ops[i];
    needed[i] = std::any_of(op.outputs.begin(), op.outputs.end(), [&](int t) { return read[static_cast<size_t>(t)]; });
    if (!needed[i]) continue;
    for (int const t : op.inputs)
      if (t != kNoTensor) read[static_cast<size_t>(t)] = true;
  }
  size_t i = 0;
  std::erase_if(graph.ops, [&](const Op&) { return !needed[i++]; });
}

}  // namespace

void finish_graph(Model& model, const std::set<int>& sums) {
  Graph& graph = model.main();
  drop_unread(graph);
  merge_biases(graph, sums);
  drop_unused_tensors(model, 0);
  // `settle` works out again what follows from shapes.
  for (Tensor& t : graph.tensors)
    if (t.from_shapes) {
      t.from_shapes = false;
      t.data = {};
    }
}

}  // namespace narrow::graphdef
