// Evaluation: how good models are on the same samples, by labels and beside a reference.
#pragma once

#include <narrow/data.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace narrow {

/// Error against the reference; signal and noise are summed over all values f of it and q of the model.
struct ErrorSums {
  double signal = 0;  // sum of f^2
  double noise = 0;   // sum of (f - q)^2
  int64_t values = 0;

  void add(const ErrorSums& other) { signal += other.signal, noise += other.noise, values += other.values; }
  double mse() const { return values ? noise / static_cast<double>(values) : 0; }
  /// 10 log10(signal / noise): infinite where there is no error.
  NARROW_API double sqnr_db() const;
};

/// The error of some neighbouring channels (indices of the last axis) of a tensor.
struct ChannelError {
  int64_t first = 0;
  int64_t last = 0;  // included
  ErrorSums error;
};

struct OpError {
  std::string name;  // of the tensor
  std::string op;    // what computes it
  ErrorSums error;
  /// The channels with the lowest SQNR, of at most 16 equal parts of the last axis: large values elsewhere cannot hide
  /// them. Nothing for a tensor of one channel, or where no part has an error.
  std::optional<ChannelError> worst = {};
};

/// What became of the outputs of one sample.
struct SampleOutcome {
  int64_t guess = 0;             // where the first output has its largest value
  bool near = false;             // the label is among its five largest
  bool right = false;            // the largest value of the first output is the label's
  bool agreed = false;           // or is where the reference has its largest
  bool reference_right = false;  // the largest value of the reference is the label's
  ErrorSums error;               // over all outputs
};

/// What does not apply is left out.
struct Evaluation {
  int64_t samples = 0;
  std::optional<double> top1;            // share of samples whose largest value of the first output is the label's
  std::optional<double> top5;            // share whose label is among its five largest; of more than five classes only
  std::optional<double> agreement;       // share whose largest value is where the reference has its largest
  std::optional<double> reference_top1;  // as top1, of the reference
  std::optional<ErrorSums> error;        // over all outputs
  std::optional<double> median_db;       // of the samples' own SQNR; infinite where most have no error
  int64_t first = 0;                     // the number of its first sample in the data set: above 0 in shards
  std::vector<SampleOutcome> each;       // by sample
  std::vector<OpError> ops;              // in order of execution
  /// Samples by label (row) and guess (column), where there are labels of at most 1,000 classes; else empty.
  std::vector<std::vector<int64_t>> confusion;
  double seconds = 0;                 // spent on this model, as if all threads had worked on it alone
  std::vector<std::string> warnings;  // of data that does not look like what the model takes, a line each
};

struct EvaluateRequest {
  DataSource data;     // converted to each model's own inputs
  Labels labels;       // for top-1 accuracy; may be left out
  ModelPtr reference;  // a float model, for agreement and error; may be null
  Profile profile = Profile::narrow;
  std::string signature;         // whose graph to run, of each model; the first graph where empty
  int64_t shard = 0;             // only the samples (of a model that keeps state, sequences) from n * shard / shards on
  int64_t shards = 1;            // and before n * (shard + 1) / shards: consecutive ones, maybe none
  bool per_op = false;           // the error of every tensor that the reference has under the same name
  int threads = 0;               // 0: one for each processor
  Progress* progress = nullptr;  // counts samples; may be null
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends soon; may be null
};

/// A result for each model, in order; the same for any number of threads, but for the seconds. Errors: bad_option
/// (names the field), bad_data (labels or outputs that do not fit), unsupported (an op without a kernel under the
/// profile), and those of the data.
NARROW_API Result<std::vector<Evaluation>> evaluate(std::span<const ModelPtr> models, const EvaluateRequest& request);

}  // namespace narrow
