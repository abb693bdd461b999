// Range search: chooses the range of each activation by trying.
//
// From the input to the outputs, each group of tensors that share quantization parameters is fake-quantized with values
// beyond +-limit clipped, the limit falling by powers of two. What comes before is fake-quantized as already chosen,
// what comes after stays float. score.h says which limit is preferred: by labels and agreement as far as the
// differences are more than chance, then by the squared error of the outputs.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/progress.h"
#include "graph/samples.h"
#include "search/range_groups.h"
#include "search/score.h"

namespace narrow {

/// A limit that was tried. The first of a group is widest_limit, which clips nothing.
struct Trial {
  double limit = 0;
  QuantParams params;
  Score score;
};

struct SearchedGroup {
  RangeGroup group;
  std::vector<Trial> trials;  // in order of falling limits
  size_t chosen = 0;          // index of a trial

  const Trial& choice() const { return trials[chosen]; }
  bool clips() const { return chosen > 0; }
};

struct RangeSearch {
  std::vector<SearchedGroup> groups;
  int64_t samples = 0;    // how many were run
  int64_t outputs = 0;    // output values of one sample
  bool labelled = false;  // whether there are labels, which Score::right counts
  Score plain;            // of the float model
};

struct RangeSearchOptions {
  int entry = 0;                                    // the graph to run
  std::function<bool(const RangeGroup&)> searched;  // the other groups keep the parameters that they have
  std::vector<int64_t> labels;                      // one for each sample of the data set, or none
  int64_t samples = 0;                              // the search sees the first so many; of more than
                                                    // kMostSearchSamples, that many at even distances
  int threads = 1;
  int64_t kept_bytes = int64_t{256} << 20;  // memory for values between ops; what does not fit is computed again
  Progress* progress = nullptr;             // counts samples times groups; may be null
};

inline constexpr int64_t kMostSearchSamples = 2000;

/// How many of `samples` the search runs.
inline int64_t search_samples(int64_t samples) {
  return samples < kMostSearchSamples ? samples : kMostSearchSamples;
}

/// Searches the groups, which are range_groups of `model` and the entry. The result does not depend on the number of
/// threads. Errors: bad_data for labels that do not fit the outputs, unsupported for an op without a kernel and for a
/// model that keeps state or has variables in the graph that is run (a search begins between ops, again and again, and
/// variables would not have the values of that moment), and those of `data`.
Result<RangeSearch> search_ranges(const std::shared_ptr<const Model>& model, const Samples& data,
                                  const std::vector<RangeGroup>& groups, const RangeSearchOptions& options);

}  // namespace narrow
