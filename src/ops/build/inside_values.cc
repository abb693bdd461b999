#include "ops/build/inside_values.h"

#include <string>
#include <vector>

#include "graph/edit.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

bool has_inside(const Graph& graph, const Op& op) {
  return op.def && op.def->inside && graph.tensor(op.inputs[0]).is_float();
}

}  // namespace

Model with_inside_values(Model model) {
  for (Graph& graph : model.graphs)
    for (Op& op : graph.ops) {
      if (!has_inside(graph, op)) continue;
      std::vector<Shape> const shapes = op.def->inside(OpView{graph, op});
      std::string const name = op_name(graph, op) + "/inside_";
      op.intermediates.clear();
      for (size_t i = 0; i < shapes.size(); ++i) {
        Tensor t;
        t.name = name + std::to_string(i);
        t.shape = shapes[i];
        op.intermediates.push_back(add_tensor(graph, std::move(t)));
      }
    }
  return model;
}

void forget_inside_values(Model& model) {
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    bool some = false;
    for (Op& op : model.graphs[g].ops) {
      if (!has_inside(model.graphs[g], op) || op.intermediates.empty()) continue;
      op.intermediates.clear();
      some = true;
    }
    if (some) drop_unused_tensors(model, static_cast<int>(g));
  }
}

}  // namespace narrow
