// Running a model over many samples, by several threads.
#pragma once

#include <narrow/data.h>
#include <narrow/inspect.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace narrow {

/// Values of one output for some samples.
struct OutputBatch {
  size_t output = 0;  // which output
  int64_t first = 0;  // the samples are [first, first + count)
  int count = 0;
  std::span<const std::byte>
      values;  // one sample behind the other, dense, in the output's own type, or float32 with `dequantize`
};

struct RunRequest {
  DataSource data;
  std::string signature;  // whose graph to run; the first graph where empty
  Profile profile = Profile::narrow;
  std::string output;  // where outputs go: a .npy gets the first, a .npz all of them by name; may be empty
  std::string
      tensors_folder;  // gets a .npy of every tensor that is computed, and index.json with their names; may be empty
  bool dequantize = false;  // outputs are real values, float32, instead of integers that have scales
  /// Gets the outputs as they are computed, in no order of samples; several threads may call at once; must not throw.
  std::function<Status(const OutputBatch&)> receive = {};
  int threads = 0;                            // 0: one for each processor
  Progress* progress = nullptr;               // counts samples; may be null
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends soon; may be null
};

struct RunResult {
  int64_t samples = 0;
  std::vector<TensorInfo> outputs = {};    // in order, as received; `run_shape` is a sample's, without a first 1
  std::vector<std::string> warnings = {};  // of data that does not look like what the model takes, a line each
};

/// Files appear whole or not at all. Errors: bad_option (names the field), bad_data, unsupported (an op without a
/// kernel under the profile), io, and those of the data and of `receive`.
NARROW_API Result<RunResult> run(const ModelPtr& model, const RunRequest& request);

}  // namespace narrow
