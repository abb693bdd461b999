#include <set>

#include "graph/stored_name.h"
#include "simplify/plain_forms.h"

namespace narrow {

void use_builtin_names(PlainModel& plain) {
  std::set<std::string> said;
  for (Graph& graph : plain.model.graphs)
    for (Op& op : graph.ops) {
      std::string const stored = stored_name(op);
      if (stored == op.type) continue;
      if (said.insert(stored).second)
        plain.changes.push_back("the custom op " + stored + " is taken as " + op.type + ", which computes the same");
      op.passthrough = nullptr;
    }
}

}  // namespace narrow
