// What the runners of one program's graphs share while it runs.
#pragma once

#include <functional>

#include "graph/model.h"
#include "ops/control/variables.h"

namespace narrow {

/// Called after a tensor has been computed (inputs of graphs included): which, its values for the samples
/// [first, first + count) of the batch one behind the other. Tensors of bodies come once for each run of the body. The
/// values are gone once the call returns.
using Observer = std::function<void(TensorRef tensor, const std::byte* values, int first, int count)>;

struct RunState {
  const Observer* observe = nullptr;  // null where nobody looks
  int sample = 0;                     // place in the batch of the sample, or of the first of those, that is being run
  int64_t restarts = 0;               // times that variables began anew
  int64_t graph_runs = 0;             // by this sample, as `Limits::graph_runs` counts them
  Variables variables;

  /// A sample, or a batch of samples that do not depend on each other.
  void begin(int place) {
    sample = place;
    graph_runs = 0;
  }
  /// What comes next does not depend on what has been run.
  void restart() {
    ++restarts;
    variables.reset();
  }
};

}  // namespace narrow
