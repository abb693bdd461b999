#include "api/chain_trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "api/data.h"
#include "search/choose_weights.h"
#include "search/subsample.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

/// A mean over a whole image has one value for each sample and channel, of which few samples show too few to know the
/// largest: on VWW, images of another source cost 3 dB without room, and none with it.
constexpr float kMeanRoom = 1.25F;
constexpr int64_t kExtremeSamples = 128;  // to know the largest magnitude of each channel
constexpr double kMostFactor = 64;        // by which a channel is scaled, or its inverse

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
    double const most = *std::max_element(own.begin(), own.end());
    ChannelFactors factors;
    for (double r : own)
      factors.push_back(r > most * 1e-6 ? std::clamp(std::pow(most / r, exponent), 1 / kMostFactor, kMostFactor) : 1.0);
    out.push_back(std::move(factors));
  }
  return out;
}

/// The float model that a chain quantizes, and the means in it that were pools.
std::shared_ptr<const Model> prepared(const TrialStart& start, const QualityChain& chain, std::vector<int>& means) {
  Model out = *start.model;
  if (chain.equalization > 0)
    out = scale_channels(out, start.entry, start.classes,
                         factors_of(start.graph(), start.entry, start.classes, start.extremes, chain.equalization));
  if (chain.means) means = pools_as_means(out, start.entry);
  return std::make_shared<const Model>(std::move(out));
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

Result<PreparedChain> prepare_chain(const TrialStart& start, const QualityChain& chain, const DataSource& data,
                                    int threads) {
  PreparedChain out{.chain = chain};
  out.source = prepared(start, chain, out.means);
  QuantizeRequest request = start.request;
  request.threads = threads;
  request.data = data;
  QuantizeOptions options = start.options;
  options.recipe.base.range = chain.range;
  NARROW_TRY(out.ranges, know_ranges(out.source, request, options));
  return out;
}

Result<QuantizedByChain> quantize_prepared(const TrialStart& start, const PreparedChain& prepared, const Recipe& recipe,
                                           const DataSource& data, int threads) {
  QuantizeOptions options = start.options;
  options.recipe = recipe;
  options.recipe.base.range = prepared.chain.range;
  options.entries = prepared.ranges.entries;
  options.moments = &prepared.ranges.moments;
  RangeOf const seen = prepared.ranges.range_of(*prepared.source);
  RangeOf const with_room = [&](TensorRef t, const std::string& method, int bits) -> Result<Range> {
    NARROW_TRY(Range range, seen(t, method, bits));
    if (t.graph != start.entry || std::ranges::find(prepared.means, t.tensor) == prepared.means.end()) return range;
    return Range{range.lo * kMeanRoom, range.hi * kMeanRoom};
  };
  QuantizedByChain out;
  const WeightChoice& choice = prepared.chain.choice;
  NARROW_TRY(out.quantized, quantize(*prepared.source, with_room, options));
  auto const by_samples = [&](const QuantizedLayer& l) { return l.spec.choice_beside(choice).needs_moments(); };
  if (std::ranges::any_of(out.quantized.layers, by_samples)) {
    OnNan const on_nan = start.request.on_nan;
    NARROW_TRY(auto const real, open_data(*prepared.source, data, start.entry, on_nan));
    NARROW_TRY(auto const stored, open_data(out.quantized.model, data, start.entry, on_nan));
    NARROW_TRY(ChosenWeights const chosen,
               choose_weights(prepared.source, out.quantized, *real, *stored,
                              {.entry = start.entry, .choice = choice, .threads = threads}));
    for (const std::string& why : chosen.unchanged) out.notes.push_back("weights to the nearest integers: " + why);
  }
  return out;
}

Result<ChainTrial> try_chain(const TrialStart& start, const QualityChain& chain, const DataSource& data, int threads) {
  auto const began = std::chrono::steady_clock::now();
  NARROW_TRY(PreparedChain prepared, prepare_chain(start, chain, data, threads));
  NARROW_TRY(QuantizedByChain made, quantize_prepared(start, prepared, start.options.recipe, data, threads));
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
  return ChainTrial{chain, std::move(prepared.ranges), std::move(made), took.count()};
}

}  // namespace narrow
