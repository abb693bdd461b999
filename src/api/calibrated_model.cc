#include "api/calibrated_model.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/outward.h"
#include "search/subsample.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

constexpr int64_t kExtremeSamples = 128;  // to know the largest magnitude of each channel
constexpr double kMostFactor = 64;        // by which a channel is scaled

/// Factors with which channels come nearer to the largest of their class: (largest / own)^exponent.
std::vector<ChannelFactors> factors_of(const Graph& graph, int entry, const std::vector<ChannelClass>& classes,
                                       const MomentsByTensor& moments, double exponent) {
  std::vector<ChannelFactors> out;
  for (const ChannelClass& c : classes) {
    std::vector<double> own(static_cast<size_t>(c.channels), 0.0);
    for (int t : c.tensors) {
      auto const at = moments.find(TensorRef{entry, t});
      if (at == moments.end() || graph.tensor(t).constant) continue;
      for (size_t k = 0; k < at->second.largest.size(); ++k)
        own[k % own.size()] = std::max(own[k % own.size()], at->second.largest[k]);
    }
    for (double& r : own) r = outward(r);
    double const most = *std::max_element(own.begin(), own.end());
    ChannelFactors factors;
    for (double r : own)
      factors.push_back(r > most * 1e-6 ? outward(std::clamp(std::pow(most / r, exponent), 1.0, kMostFactor)) : 1.0);
    out.push_back(std::move(factors));
  }
  return out;
}

/// What was scaled: classes with a factor other than 1.
std::vector<ScaledChannels> scaled_of(const Graph& graph, const std::vector<ChannelClass>& classes,
                                      const std::vector<ChannelFactors>& factors) {
  auto names = [&](const std::vector<size_t>& ops) {
    std::vector<std::string> out;
    for (size_t i : ops) out.push_back(op_name(graph, graph.ops[i]));
    return out;
  };
  std::vector<ScaledChannels> out;
  for (size_t k = 0; k < classes.size(); ++k) {
    auto const [least, most] = std::ranges::minmax_element(factors[k]);
    if (*least == 1 && *most == 1) continue;
    ScaledChannels c{{}, names(classes[k].writers), names(classes[k].readers), classes[k].channels, *least, *most};
    for (int t : classes[k].tensors) c.tensors.push_back(graph.tensor(t).name);
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace

Status know_channels(TrialStart& start, const Samples& data, int64_t samples, int threads) {
  start.classes = channel_classes(*start.model, start.entry);
  if (start.classes.empty()) return {};
  std::set<TensorRef> tensors;
  for (const ChannelClass& c : start.classes)
    for (int t : c.tensors) tensors.insert(TensorRef{start.entry, t});
  Subsample const some(data, start.graph(), std::min(samples, kExtremeSamples), samples);
  NARROW_TRY(start.extremes, channel_moments(start.model, some, tensors, threads));
  return {};
}

Result<CalibratedModel> calibrate_for(const TrialStart& start, const QualityChain& chain, const DataSource& data,
                                      const std::string& range, int threads) {
  CalibratedModel out{.equalization = chain.equalization, .means = chain.means};
  Model changed = *start.model;
  if (chain.equalization > 0) {
    auto const factors = factors_of(start.graph(), start.entry, start.classes, start.extremes, chain.equalization);
    out.scaled = scaled_of(start.graph(), start.classes, factors);
    changed = scale_channels(changed, start.entry, start.classes, factors);
  }
  if (chain.means) out.pooled = pools_as_means(changed, start.entry);
  out.model = std::make_shared<const Model>(std::move(changed));
  QuantizeRequest request = start.request;
  request.threads = threads;
  request.data = data;
  QuantizeOptions options = start.options;
  options.recipe.base.range = range;
  NARROW_TRY(out.ranges, know_ranges(out.model, request, options));
  return out;
}

}  // namespace narrow
