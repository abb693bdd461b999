// CalibratedModel: the float model as some chains of steps quantize it, and the ranges of its tensors.
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

/// What chains share that change the float model in the same way before ranges are known.
struct CalibratedModel {
  double equalization = 0;  // as in the chain, likewise `means`
  bool means = false;
  std::shared_ptr<const Model> model{};
  std::vector<int> pooled{};             // results of the means that were pools
  std::vector<ScaledChannels> scaled{};  // channels
  KnownRanges ranges{};

  bool serves(const QualityChain& chain) const { return equalization == chain.equalization && means == chain.means; }
};

/// Changes the model as a chain asks for, and calibrates it with `data` for the range method `range`; the statistics
/// serve other methods too that need no more of them. Errors: those of `know_ranges`.
Result<CalibratedModel> calibrate_for(const TrialStart& start, const QualityChain& chain, const DataSource& data,
                                      const std::string& range, int threads);

}  // namespace narrow
