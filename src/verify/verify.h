// verify: will a runtime take a model? Op by op against what the runtime's kernels accept.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

struct Runtime;  // verify/runtime.h

/// One thing that keeps a model from running on a runtime, or from computing there what it means.
struct Finding {
  std::optional<int> graph;  // none: the model as a whole
  std::optional<int> op;     // index in the graph
  std::string type;          // of the op: "CONV_2D"
  std::string name;          // of its first output
  std::string what;
  std::string remedy;
};

/// Everything found, the model as a whole first, then in order of graphs and ops. Empty: the runtime takes the model.
/// The model is validated.
std::vector<Finding> verify(const Model& model, const Runtime& runtime);

/// All runtimes: tflm, litert, cmsis-nn, edgetpu, narrow.
std::span<const Runtime* const> all_runtimes();

/// The runtime of that name, or null.
const Runtime* find_runtime(std::string_view name);

}  // namespace narrow
