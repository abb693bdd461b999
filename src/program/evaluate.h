// Evaluation: how good models are on the same samples, by labels and beside a reference.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "graph/model.h"
#include "graph/samples.h"
#include "ops/def/profile.h"

namespace narrow {

/// A model with the samples as its own inputs want them.
struct Candidate {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Samples> data;
};

struct EvaluateOptions {
  const Profile* profile = &all_profiles().front();
  std::optional<Candidate> reference;  // a float model, for agreement and error
  std::vector<int64_t> labels;         // one a sample, or none
  int64_t samples = 0;                 // the first so many
  int threads = 1;
  bool per_op = false;           // error of every tensor that the reference has under the same name
  Progress* progress = nullptr;  // counts samples; may be null
};

/// Error against the reference; signal and noise are summed over all values f of it and q of the model.
struct ErrorSums {
  double signal = 0;  // sum of f^2
  double noise = 0;   // sum of (f - q)^2
  int64_t values = 0;

  void add(const ErrorSums& other) { signal += other.signal, noise += other.noise, values += other.values; }
  double mse() const { return values ? noise / static_cast<double>(values) : 0; }
  /// 10 log10(signal / noise): infinite where there is no error.
  double sqnr_db() const;
};

struct OpError {
  std::string name;  // of the tensor
  std::string op;    // what computes it
  ErrorSums error;
};

/// What became of the outputs of one sample.
struct SampleOutcome {
  bool right = false;   // the largest value of the first output is the label's
  bool agreed = false;  // or is where the reference has its largest
  ErrorSums error;      // over all outputs
};

/// What does not apply is left out.
struct Evaluation {
  int64_t samples = 0;
  std::optional<double> top1;       // share of samples whose largest value of the first output is the label's
  std::optional<double> agreement;  // share whose largest value is where the reference has its largest
  std::optional<ErrorSums> error;   // over all outputs
  std::optional<double> median_db;  // of the samples' own SQNR; infinite where most have no error
  std::vector<SampleOutcome> each;  // by sample
  std::vector<OpError> ops;         // in order of execution
  double seconds = 0;               // spent on this model, as if all threads had worked on it alone
};

/// bad_data unless there is a label for each of so many samples, and a value of the graph's first output for each
/// label. No labels at all are fine.
Status check_labels(const Graph& graph, std::span<const int64_t> labels, int64_t samples);

/// One result per candidate, in order; the same for any number of threads, but for the seconds.
/// Errors: bad_data (labels or outputs that do not fit), unsupported (an op without a kernel under the profile), and
/// those of the data.
Result<std::vector<Evaluation>> evaluate(std::span<const Candidate> candidates, const EvaluateOptions& options);

}  // namespace narrow
