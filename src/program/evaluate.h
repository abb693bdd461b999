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
#include "narrow/evaluate.h"
#include "ops/def/profile.h"

namespace narrow {

/// A graph of a model with the samples as its own inputs want them.
struct Candidate {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Samples> data;
  int entry = 0;  // the graph to run

  const Graph& graph() const { return model->graphs[static_cast<size_t>(entry)]; }
};

struct EvaluateOptions {
  const ProfileDef* profile = &all_profiles().front();
  std::optional<Candidate> reference;  // a float model, for agreement and error
  std::vector<int64_t> labels;         // one a sample, or none
  int64_t samples = 0;                 // the first so many; 0 in an empty shard
  int threads = 1;
  bool per_op = false;           // error of every tensor that the reference has under the same name
  Progress* progress = nullptr;  // counts samples; may be null
  int64_t sequence = 0;          // where a model keeps state: see sequence_length
};

/// bad_data unless there is a label for each of so many samples, and a value of the graph's first output for each
/// label. No labels at all are fine.
Status check_labels(const Graph& graph, std::span<const int64_t> labels, int64_t samples);

/// The error of values `q` beside as many values `f` of a reference, added in their order in double.
ErrorSums error_sums(std::span<const float> f, std::span<const float> q);

/// One result per candidate, in order; the same for any number of threads, but for the seconds.
/// Errors: bad_data (labels or outputs that do not fit), unsupported (an op without a kernel under the profile), and
/// those of the data.
Result<std::vector<Evaluation>> evaluate(std::span<const Candidate> candidates, const EvaluateOptions& options);

}  // namespace narrow
