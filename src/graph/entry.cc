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
  if (key.empty()) return 0;
  auto const at =
      std::find_if(model.signatures.begin(), model.signatures.end(), [&](const Signature& s) { return s.key == key; });
  if (at == model.signatures.end())
    return refuse("signature", "there is no signature '" + readable(key) + "'", known_keys(model), model.source);
  return at->graph;
}

}  // namespace narrow
