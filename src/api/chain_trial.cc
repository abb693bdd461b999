#include "api/chain_trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "api/data.h"
#include "api/output_steps.h"
#include "base/outward.h"
#include "search/choose_weights.h"
#include "search/subsample.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

/// A mean over a whole image has one value for each sample and channel, of which few samples show too few to know the
/// largest: on VWW, images of another source cost 3 dB without room, and none with it.
constexpr float kMeanRoom = 1.25F;
constexpr int64_t kExtremeSamples = 128;  // to know the largest magnitude of each channel
constexpr double kMostFactor = 64;        // by which a channel is scaled

/// A range a little wider, whose ends do not show the last bits of the float run.
Range widened(const Range& range) {
  double const kMost = std::numeric_limits<float>::max();
  auto end = [kMost](float v) {
    return static_cast<float>(std::clamp(outward(static_cast<double>(v)), -kMost, kMost));
  };
  return {end(range.lo), end(range.hi)};
}

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

/// The float model that a chain quantizes, the means in it that were pools, and what was scaled in it.
std::shared_ptr<const Model> prepared(const TrialStart& start, const QualityChain& chain, std::vector<int>& means,
                                      std::vector<ScaledChannels>& scaled) {
  Model out = *start.model;
  if (chain.equalization > 0) {
    auto const factors = factors_of(start.graph(), start.entry, start.classes, start.extremes, chain.equalization);
    scaled = scaled_of(start.graph(), start.classes, factors);
    out = scale_channels(out, start.entry, start.classes, factors);
  }
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

Result<ChainTrial> try_chain(const TrialStart& start, const QualityChain& chain, const DataSource& data, int threads) {
  auto const began = std::chrono::steady_clock::now();
  ChainTrial out;
  out.chain = chain;
  std::vector<int> means;
  auto const source = prepared(start, chain, means, out.scaled);
  QuantizeRequest request = start.request;
  request.threads = threads;
  request.data = data;
  QuantizeOptions options = start.options;
  options.recipe.base.range = chain.range;
  if (chain.wide_outputs) {  // rules of the user come after these, and win
    std::vector<Rule> rules = wide_output_rules(start.graph());
    options.recipe.rules.insert(options.recipe.rules.begin(), rules.begin(), rules.end());
    if (!request.io) options.io = DType::int16;
  }
  NARROW_TRY(out.ranges, know_ranges(source, request, options));
  options.entries = out.ranges.entries;
  options.moments = &out.ranges.moments;
  RangeOf const seen = out.ranges.range_of(*source);
  bool const by_moments = chain.choice.needs_moments() || options.recipe.rounding_by_samples();
  RangeOf const used = [&](TensorRef t, const std::string& method, int bits) -> Result<Range> {
    NARROW_TRY(Range range, seen(t, method, bits));
    if (t.graph == start.entry && std::ranges::find(means, t.tensor) != means.end())
      range = {range.lo * kMeanRoom, range.hi * kMeanRoom};
    return by_moments && !out.ranges.by_hand.contains(t) ? widened(range) : range;
  };
  NARROW_TRY(out.quantized, quantize(*source, used, options));
  auto const by_samples = [&](const QuantizedLayer& l) { return l.spec.choice_beside(chain.choice).needs_moments(); };
  if (std::ranges::any_of(out.quantized.layers, by_samples)) {
    NARROW_TRY(auto const real, open_data(*source, data, start.entry, request.on_nan));
    NARROW_TRY(auto const stored, open_data(out.quantized.model, data, start.entry, request.on_nan));
    NARROW_TRY(ChosenWeights const chosen,
               choose_weights(source, out.quantized, *real, *stored,
                              {.entry = start.entry, .choice = chain.choice, .threads = threads}));
    for (const std::string& why : chosen.unchanged) out.notes.push_back("weights to the nearest integers: " + why);
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return out;
}

}  // namespace narrow
