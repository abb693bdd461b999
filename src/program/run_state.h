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
  int64_t begun = 0;                  // samples or batches begun so far
  int graph_runs = 0;                 // by this sample
  Variables variables;

  void begin(int place) {
    sample = place;
    graph_runs = 0;
    ++begun;
    variables.reset();
  }
};

}  // namespace narrow
