#include "simplify/integer_borders.h"

#include <algorithm>

#include "ops/def/op_def.h"

namespace narrow {
namespace {

void replace(std::vector<int>& list, int from, int to) {
  std::ranges::replace(list, from, to);
}

}  // namespace

int make_borders_integer(Model& model, int entry) {
  Graph& graph = model.graphs[static_cast<size_t>(entry)];
  auto const readers = consumers(graph);
  std::vector<bool> removed(graph.ops.size(), false);
  auto const in_signatures = [&](bool input, int from, int to) {
    for (Signature& s : model.signatures)
      for (auto& [name, tensor] : input ? s.inputs : s.outputs)
        if (s.graph == entry && tensor == from) tensor = to;
  };
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    Conversion const conversion = conversion_of(op);
    if (op.inputs.size() != 1 || op.outputs.size() != 1) continue;
    int const from = op.inputs[0], to = op.outputs[0];
    auto const is = [](const std::vector<int>& list, int t) { return std::ranges::find(list, t) != list.end(); };
    bool const at_input = conversion == Conversion::quantize && graph.tensor(from).is_float() &&
                          is(graph.inputs, from) && !is(graph.outputs, from) &&
                          readers[static_cast<size_t>(from)].size() == 1;
    bool const at_output = conversion == Conversion::dequantize && !graph.tensor(from).is_float() &&
                           !graph.tensor(from).constant && is(graph.outputs, to) && !is(graph.outputs, from) &&
                           readers[static_cast<size_t>(to)].empty();
    if (at_input) {
      replace(graph.inputs, from, to);
      in_signatures(true, from, to);
    } else if (at_output) {
      replace(graph.outputs, to, from);
      in_signatures(false, to, from);
    }
    removed[i] = at_input || at_output;
  }
  size_t index = 0;
  auto const gone = std::erase_if(graph.ops, [&](const Op&) { return removed[index++]; });
  return static_cast<int>(gone);
}

}  // namespace narrow
