#include "graph/edit.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/check/validate.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

bool sums_floats(const Graph& graph, const Op& op) {
  return op.def == &kAddN && op.inputs.size() > 1 && graph.tensor(op.outputs[0]).dtype == DType::float32 &&
         check_computable(graph, op).has_value();
}

Op addition(int a, int b, int sum) {
  Op op;
  op.def = &kAdd;
  op.type = kAdd.name;
  op.attributes = AddAttributes{};
  op.inputs = {a, b};
  op.outputs = {sum};
  return op;
}

/// From left to right, as ADD_N adds.
void append_sums(Graph& graph, const Op& op, std::vector<Op>& ops) {
  int sum = op.inputs[0];
  for (size_t i = 1; i < op.inputs.size(); ++i) {
    int to = op.outputs[0];
    if (i + 1 < op.inputs.size()) {
      Tensor partial = graph.tensor(to);
      partial.name += "/sum_" + std::to_string(i);
      to = add_tensor(graph, std::move(partial));
    }
    ops.push_back(addition(sum, op.inputs[i], to));
    sum = to;
  }
}

}  // namespace

Result<Model> split_add_n(Model model) {
  Graph& graph = model.main();
  std::vector<Op> ops;
  for (Op& op : graph.ops) {
    if (sums_floats(graph, op))
      append_sums(graph, op, ops);
    else
      ops.push_back(std::move(op));
  }
  graph.ops = std::move(ops);
  return model;
}

}  // namespace narrow
