// A model run over many samples by several threads.
#pragma once

#include <functional>
#include <memory>

#include "base/progress.h"
#include "graph/samples.h"
#include "program/runner.h"

namespace narrow {

struct RunOptions {
  const ProfileDef* profile = &all_profiles().front();
  int entry = 0;        // the graph to run
  int64_t samples = 0;  // the first so many, at most data.size()
  int threads = 1;
  bool reference = false;        // plain loops only
  Progress* progress = nullptr;  // counts samples; may be null
  int64_t sequence = 0;          // of a model that keeps state: see sequence_length
};

/// Who looks at what is computed. Calls come from several threads at once, for different samples.
struct RunVisitor {
  /// After samples [first, first + count) have been run; their results are in the runner's outputs.
  std::function<Status(const Runner& runner, int64_t first, int count)> batch;
  /// Each tensor once it has been computed, inputs included; those of bodies once for each run. May be empty.
  std::function<Status(TensorRef tensor, const std::byte* values, int64_t first, int count)> tensor;
};

/// Samples to run at a time, so that the activations of a batch stay in the processor's cache.
int cached_batch(const Graph& graph);

/// How many samples belong together where graph `entry` runs over `samples`: none, 0, where it keeps no state; else
/// `sequence` of them, or all where that is 0. The last sequence may be shorter. Each is run in order by one thread, a
/// sample at a time, and begins without values in variables.
int64_t sequence_length(const Model& model, int entry, int64_t sequence, int64_t samples);

/// Brings samples [first, first + count) into the runner's inputs.
Status read_inputs(const Samples& data, int64_t first, int count, Runner& runner);

/// Errors: unsupported (an op without a kernel under the profile), and those of `data` and the visitor.
Status run_samples(const std::shared_ptr<const Model>& model, const Samples& data, const RunOptions& options,
                   const RunVisitor& visitor);

}  // namespace narrow
