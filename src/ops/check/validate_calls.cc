#include <algorithm>

#include "ops/check/validate_rules.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

constexpr int kOpen = -1;  // being measured
constexpr int kUnknown = 0;

/// How deep the graphs that graph `g` runs are nested, itself counted; at most one more than the limit.
Result<int> depth_of(const Model& model, size_t g, int above, std::vector<int>& known) {
  if (known[g] == kOpen) return fail(ErrorKind::bad_file, "the graph runs itself", "graph " + std::to_string(g));
  if (known[g] != kUnknown) return known[g];
  if (above >= kLimits.graph_depth)
    return fail(ErrorKind::limit_exceeded,
                "graphs run each other more than " + std::to_string(kLimits.graph_depth) + " deep");
  known[g] = kOpen;
  int deepest = 0;
  const Graph& graph = model.graphs[g];
  for (size_t i = 0; i < graph.ops.size(); ++i)
    for (int body : graph.ops[i].graphs) {
      std::string const place = op_label(graph, i) + ", graph " + std::to_string(g);
      if (body < 0 || body >= static_cast<int>(model.graphs.size()))
        return fail(ErrorKind::bad_file,
                    "it runs graph " + std::to_string(body) + "; the model has " + std::to_string(model.graphs.size()),
                    place);
      auto depth = depth_of(model, static_cast<size_t>(body), above + 1, known);
      if (!depth) return depth;
      deepest = std::max(deepest, *depth);
    }
  return known[g] = deepest + 1;
}

using Names = std::vector<std::pair<std::string, int>>;

Status validate_names(const Graph& graph, const Names& names, const std::vector<int>& tensors, const char* what) {
  std::vector<bool> among(graph.tensors.size(), false);
  for (int t : tensors) among[static_cast<size_t>(t)] = true;
  for (const auto& [name, t] : names)
    if (t < 0 || static_cast<size_t>(t) >= among.size() || !among[static_cast<size_t>(t)])
      return fail(ErrorKind::bad_file, "'" + readable(name) + "' is tensor " + std::to_string(t) + ", which is no " +
                                           what + " of the graph");
  return {};
}

Status validate_entry(const Model& model, const Signature& s) {
  if (s.graph < 0 || s.graph >= static_cast<int>(model.graphs.size()))
    return fail(ErrorKind::bad_file,
                "it is of graph " + std::to_string(s.graph) + "; the model has " + std::to_string(model.graphs.size()));
  const Graph& graph = model.graphs[static_cast<size_t>(s.graph)];
  NARROW_CHECK(validate_names(graph, s.inputs, graph.inputs, "input"));
  return validate_names(graph, s.outputs, graph.outputs, "output");
}

}  // namespace

Status validate_references(const Model& model) {
  std::vector<int> known(model.graphs.size(), kUnknown);
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    NARROW_TRY(int const depth, depth_of(model, g, 0, known));
    if (depth > kLimits.graph_depth)
      return fail(ErrorKind::limit_exceeded,
                  "graphs run each other more than " + std::to_string(kLimits.graph_depth) + " deep");
  }
  for (const Signature& s : model.signatures)
    if (auto ok = validate_entry(model, s); !ok) return pass(std::move(ok), "signature '" + readable(s.key) + "'");
  return {};
}

Status validate_bodies(const Model& model) {
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    const Graph& graph = model.graphs[g];
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      const Op& op = graph.ops[i];
      if (!op.def || !op.def->check_graphs) continue;
      if (auto ok = op.def->check_graphs(model, OpView{graph, op}); !ok)
        return pass(std::move(ok), op_label(graph, i) + ", graph " + std::to_string(g));
    }
  }
  return {};
}

}  // namespace narrow
