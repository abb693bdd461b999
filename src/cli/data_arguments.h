// DataArguments: where samples come from on the command line: --data, --data-scale, --data-offset, --samples.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/options.h"
#include "graph/model.h"
#include "graph/samples.h"
#include "read/data/dataset.h"

namespace narrow {

struct DataArguments {
  std::string path;
  DataOptions meaning;
  std::optional<int64_t> samples;

  void declare(Options& options, bool required);
  bool given() const { return !path.empty(); }
  /// The data set for a graph of a model.
  Result<std::shared_ptr<const Samples>> open(const Model& model, int graph = 0) const;
  /// How many samples of `all` to use; bad_option where fewer are there than asked for.
  Result<int64_t> count(const Samples& all) const;
};

}  // namespace narrow
