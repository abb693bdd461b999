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

struct ChainTrial {
  QualityChain chain;
  KnownRanges ranges;
  QuantizedModel quantized;
  std::vector<ScaledChannels> scaled;  // before ranges were known
  std::vector<std::string> notes;      // of layers whose integers were not chosen by samples
  double seconds = 0;
};

/// Quantizes by a chain, with ranges and moments of `data`. Errors: those of `know_ranges`, `quantize` and
/// `choose_weights`.
Result<ChainTrial> try_chain(const TrialStart& start, const QualityChain& chain, const DataSource& data, int threads);

}  // namespace narrow
