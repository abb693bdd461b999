#include "ops/build/finish_graph.h"

#include <algorithm>

#include "graph/edit.h"
#include "ops/def/op_def.h"

namespace narrow {
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

/// By op, the producers of its operands, those at the end of longer branches first.
std::vector<std::vector<size_t>> operand_ops(const Graph& graph) {
  std::vector<int> const producer = producers(graph);
  std::vector<int> depth(graph.ops.size(), 0);
  std::vector<std::vector<size_t>> out(graph.ops.size());
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    for (int const t : graph.ops[i].inputs) {
      int const from = t == kNoTensor ? -1 : producer[static_cast<size_t>(t)];
      if (from < 0) continue;
      out[i].push_back(static_cast<size_t>(from));
      depth[i] = std::max(depth[i], depth[static_cast<size_t>(from)] + 1);
    }
    std::stable_sort(out[i].begin(), out[i].end(), [&](size_t a, size_t b) { return depth[a] > depth[b]; });
  }
  return out;
}

/// The ops in the order in which the outputs lead to them, of branches that meet the longer one first: exporters write
/// nodes in various orders, and the same network is to give the same model. What no output depends on goes away.
void order_by_outputs(Graph& graph) {
  auto const operands = operand_ops(graph);
  std::vector<int> const producer = producers(graph);
  std::vector<bool> seen(graph.ops.size(), false);
  std::vector<Op> ordered;
  struct Visit {
    size_t op, next;  // the operand to look at next
  };
  std::vector<Visit> open;
  auto enter = [&](size_t op) {
    if (seen[op]) return;
    seen[op] = true;
    open.push_back({op, 0});
  };
  for (int const output : graph.outputs) {
    if (int const op = producer[static_cast<size_t>(output)]; op >= 0) enter(static_cast<size_t>(op));
    while (!open.empty()) {
      Visit& top = open.back();
      if (top.next < operands[top.op].size()) {
        enter(operands[top.op][top.next++]);
      } else {
        ordered.push_back(std::move(graph.ops[top.op]));
        open.pop_back();
      }
    }
  }
  graph.ops = std::move(ordered);
}

}  // namespace

void finish_graph(Model& model, const std::set<int>& sums) {
  Graph& graph = model.main();
  order_by_outputs(graph);  // what no output depends on is no reader
  merge_biases(graph, sums);
  drop_unused_tensors(model, 0);
  // `settle` works out again what follows from shapes.
  for (Tensor& t : graph.tensors)
    if (t.from_shapes) {
      t.from_shapes = false;
      t.data = {};
    }
}

}  // namespace narrow
