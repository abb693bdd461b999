// --signature: which graph of a model to run.
#pragma once

#include <string>

#include "cli/options.h"
#include "graph/entry.h"
#include "read/read.h"

namespace narrow {

struct SignatureArgument {
  std::string key;

  void declare(Options& options, const char* help = "run the graph of this signature (the model's first graph)") {
    options.text("--signature", "KEY", &key, help);
  }
  /// That graph.
  Result<int> graph(const Model& model) const { return key.empty() ? Result<int>(0) : entry_graph(model, key); }
  /// The model in the file, with that graph first.
  Result<Model> read(const std::string& path) const {
    NARROW_TRY(Model model, read_model(path));
    return key.empty() ? Result<Model>(std::move(model)) : enter(std::move(model), key);
  }
};

}  // namespace narrow
