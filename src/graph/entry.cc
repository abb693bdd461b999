#include "graph/entry.h"

#include <algorithm>

namespace narrow {
namespace {

std::string known_keys(const Model& model) {
  std::string out;
  for (const Signature& s : model.signatures) out += (out.empty() ? "" : ", ") + readable(s.key);
  return out.empty() ? "the model has no signatures" : "the model has " + out;
}

void exchange_with_first(Model& model, int index) {
  auto moved = [index](int& graph) { graph = graph == 0 ? index : graph == index ? 0 : graph; };
  std::swap(model.graphs.front(), model.graphs[static_cast<size_t>(index)]);
  for (Graph& graph : model.graphs)
    for (Op& op : graph.ops)
      for (int& body : op.graphs) moved(body);
  for (Signature& s : model.signatures) moved(s.graph);
}

}  // namespace

Result<Model> enter(Model model, const std::string& key) {
  auto const at =
      std::find_if(model.signatures.begin(), model.signatures.end(), [&](const Signature& s) { return s.key == key; });
  if (at == model.signatures.end())
    return fail(ErrorKind::bad_option, "there is no signature '" + readable(key) + "'", model.source,
                known_keys(model));
  if (at->graph != 0) exchange_with_first(model, at->graph);
  return model;
}

}  // namespace narrow
