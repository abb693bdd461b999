// Range search: how far each activation's params should reach, tried out layer by layer.
//
// From the input to the output, each group of tensors that share a params is rounded to it with values beyond +-limit
// clipped, limit going down by powers of two, while what comes before is rounded as already chosen and what comes
// after stays float. score.h says which limit is chosen: by labels and agreement as far as they
// are more than chance, then by the squared error of the outputs beside the float ones.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/progress.h"
#include "graph/samples.h"
#include "search/range_groups.h"
#include "search/score.h"

namespace narrow {

/// A limit that was tried; the first of a group is widest_limit, with which nothing is clipped.
struct Trial {
  double limit = 0;
  QuantParams params;
  Score score;
};

struct SearchedGroup {
  RangeGroup group;
  std::vector<Trial> trials;  // limits falling
  size_t chosen = 0;

  const Trial& choice() const { return trials[chosen]; }
  bool clips() const { return chosen > 0; }
};

struct RangeSearch {
  std::vector<SearchedGroup> groups;
  int64_t samples = 0;    // that were run
  int64_t outputs = 0;    // values that one sample gives
  bool labelled = false;  // whether Score::right counts anything
  Score plain;            // of the float model
};

struct RangeSearchOptions {
  int entry = 0;                                    // the graph to run
  std::function<bool(const RangeGroup&)> searched;  // the others are rounded to the params they have
  std::vector<int64_t> labels;                      // one a sample of the data set, or none
  int64_t samples = 0;                              // the first so many; of more than kMostSearchSamples, as many
                                                    // spread evenly over them
  int threads = 1;
  int64_t kept_bytes = int64_t{256} << 20;  // of values between layers; what is beyond is computed again each time
  Progress* progress = nullptr;             // counts samples by group; may be null
};

inline constexpr int64_t kMostSearchSamples = 2000;

/// How many of `samples` are run.
inline int64_t search_samples(int64_t samples) {
  return samples < kMostSearchSamples ? samples : kMostSearchSamples;
}

/// `groups`: range_groups of `model` and its entry. The result does not depend on threads. Errors: bad_data (labels
/// that do not fit), unsupported (an op without a kernel; variables, as samples would depend on each other), and those
/// of `data`.
Result<RangeSearch> search_ranges(const std::shared_ptr<const Model>& model, const Samples& data,
                                  const std::vector<RangeGroup>& groups, const RangeSearchOptions& options);

}  // namespace narrow
