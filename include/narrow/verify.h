// Verification: will a runtime take a model?
#pragma once

#include <narrow/model.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <optional>
#include <string>
#include <vector>

namespace narrow {

/// One thing that keeps a model from running on a runtime, or from computing there what it means. Texts are as in
/// Error.
struct Finding {
  std::optional<int> graph;  // none: the model as a whole
  std::optional<int> op;     // index in the graph
  std::string type;          // of the op: "CONV_2D"
  std::string name;          // of its first output
  std::string what;
  std::string remedy;
};

/// Everything found, the model as a whole first, then in order of graphs and ops; none where the runtime takes the
/// model. Errors: limit_exceeded.
NARROW_API Result<std::vector<Finding>> verify(const Model& model, Runtime runtime);

/// The runtime's name in sentences: "TensorFlow Lite Micro".
NARROW_API const char* title(Runtime runtime);

}  // namespace narrow
