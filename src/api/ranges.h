// What quantization knows of the ranges of a model's tensors: by statistics, by hand, by search.
#pragma once

#include <map>
#include <optional>

#include "api/hand_ranges.h"
#include "calibrate/channel_moments.h"
#include "calibrate/statistics.h"
#include "narrow/quantize.h"
#include "quantize/quantize.h"
#include "search/range_search.h"

namespace narrow {

struct KnownRanges {
  Statistics statistics;     // of the samples of all graphs that callers enter, as far as there are any
  std::vector<int> entries;  // those graphs
  int64_t samples = 0;       // of all of them
  std::map<TensorRef, Limit> by_hand;
  int entered = 0;                    // the graph that the samples given are of
  std::map<TensorRef, Limit> found;   // where it is narrower than the values
  std::optional<RangeSearch> search;  // of that graph
  std::vector<int64_t> labels;        // that it went by
  MomentsByTensor moments;            // of what layers of the first graph read, where weight formats go by them

  /// For `quantize`; refers to this and to the model.
  RangeOf range_of(const Model& model) const;
};

/// Whether a rule of the recipe, or its base, asks for ranges that are searched. Its range methods are known ones.
bool searches_ranges(const Recipe& recipe);

/// Calibrates or reads statistics, places what is given by hand and searches, each as the request asks for it; nothing
/// for schemes and models that need no ranges. Errors: bad_option, bad_data, and those of reading files.
Result<KnownRanges> know_ranges(const std::shared_ptr<const Model>& model, const QuantizeRequest& request,
                                const QuantizeOptions& options);

}  // namespace narrow
