// ChainTrial: a float model quantized by one chain of steps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/quality_chain.h"
#include "api/ranges.h"
#include "graph/samples.h"
#include "simplify/channel_classes.h"

namespace narrow {

/// The float model that all trials of a request start from.
struct TrialStart {
  std::shared_ptr<const Model> model;
  const QuantizeRequest& request;
  const QuantizeOptions& options;
  int entry = 0;                        // the graph that samples are of
  std::vector<ChannelClass> classes{};  // whose channels chains may scale; see know_channels
  MomentsByTensor extremes{};           // of their tensors

  const Graph& graph() const { return model->graphs[static_cast<size_t>(entry)]; }
};

/// Finds the channels that chains may scale, and what they reach in evenly spaced ones of the first `samples` of
/// `data`. Errors: those of channel_moments.
Status know_channels(TrialStart& start, const Samples& data, int64_t samples, int threads);

/// A float model on the way of a chain, with the ranges of its tensors: what does not depend on widths.
struct PreparedChain {
  QualityChain chain;
  std::shared_ptr<const Model> source{};  // with channels scaled, and pools as means, as the chain says
  std::vector<int> means{};               // tensors of its entry that come from these
  KnownRanges ranges{};
};

/// Errors: those of `know_ranges`.
Result<PreparedChain> prepare_chain(const TrialStart& start, const QualityChain& chain, const DataSource& data,
                                    int threads);

struct QuantizedByChain {
  QuantizedModel quantized;
  std::vector<std::string> notes;  // of layers whose integers were not chosen by samples
};

/// Quantizes by `recipe`, but for its base range, which the chain says. `data` is that which it was prepared with.
/// Errors: those of `quantize` and `choose_weights`.
Result<QuantizedByChain> quantize_prepared(const TrialStart& start, const PreparedChain& prepared, const Recipe& recipe,
                                           const DataSource& data, int threads);

struct ChainTrial {
  QualityChain chain;
  KnownRanges ranges;
  QuantizedByChain made;
  double seconds = 0;
};

/// Both, with ranges and moments of `data` and the recipe of the options.
Result<ChainTrial> try_chain(const TrialStart& start, const QualityChain& chain, const DataSource& data, int threads);

}  // namespace narrow
