#include "graph/edit.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/check/validate.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

bool negates_floats(const Graph& graph, const Op& op) {
  return op.def == find_op("NEG") && graph.tensor(op.outputs[0]).dtype == DType::float32 &&
         check_computable(graph, op).has_value();
}

int add_minus_one(Graph& graph) {
  constexpr float kMinusOne = -1;
  Tensor t;
  t.name = "minus_one";
  t.shape = Shape::of({});
  t.data = SharedBytes::copy_of(std::span(&kMinusOne, 1));
  t.constant = true;
  return add_tensor(graph, std::move(t));
}

}  // namespace

Result<Model> replace_negation(Model model) {
  for (Graph& graph : model.graphs) {
    int factor = kNoTensor;
    for (Op& op : graph.ops) {
      if (!negates_floats(graph, op)) continue;
      if (factor == kNoTensor) factor = add_minus_one(graph);
      op.def = &kMul;
      op.type = kMul.name;
      op.version = 1;
      op.attributes = MulAttributes{};
      op.inputs.push_back(factor);
    }
  }
  return model;
}

}  // namespace narrow
