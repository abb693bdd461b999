#include "graph/entry.h"

#include <algorithm>

namespace narrow {
namespace {

std::string known_keys(const Model& model) {
  std::string out;
  for (const Signature& s : model.signatures) out += (out.empty() ? "" : ", ") + readable(s.key);
  return out.empty() ? "the model has no signatures" : "the model has " + out;
}

}  // namespace

std::vector<int> entry_graphs(const Model& model) {
  std::vector<int> out{0};
  for (const Signature& s : model.signatures) out.push_back(s.graph);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string entry_label(const Model& model, int graph) {
  std::string keys;
  for (const Signature& s : model.signatures)
    if (s.graph == graph) keys += (keys.empty() ? " (signature '" : ", '") + readable(s.key) + "'";
  return (graph == 0 ? "the first graph" : "graph " + std::to_string(graph)) + (keys.empty() ? "" : keys + ")");
}

Result<int> entry_graph(const Model& model, const std::string& key) {
  auto const at =
      std::find_if(model.signatures.begin(), model.signatures.end(), [&](const Signature& s) { return s.key == key; });
  if (at == model.signatures.end())
    return fail(ErrorKind::bad_option, "there is no signature '" + readable(key) + "'", model.source,
                known_keys(model));
  return at->graph;
}

int swapped_first(int graph, int first) {
  if (graph == 0) return first;
  return graph == first ? 0 : graph;
}

Model with_first(Model model, int index) {
  auto moved = [index](int& graph) { graph = swapped_first(graph, index); };
  std::swap(model.graphs.front(), model.graphs[static_cast<size_t>(index)]);
  for (Graph& graph : model.graphs)
    for (Op& op : graph.ops)
      for (int& body : op.graphs) moved(body);
  for (Signature& s : model.signatures) moved(s.graph);
  return model;
}

Result<Model> enter(Model model, const std::string& key) {
  NARROW_TRY(int const graph, entry_graph(model, key));
  return with_first(std::move(model), graph);
}

}  // namespace narrow
