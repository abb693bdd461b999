#include "api/best_quality.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>

#include "api/data.h"
#include "base/threads.h"
#include "calibrate/channel_moments.h"
#include "graph/entry.h"
#include "program/evaluate.h"
#include "search/choose_weights.h"
#include "search/picked_samples.h"
#include "search/subsample.h"
#include "simplify/channel_classes.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

constexpr int64_t kLeastToSplit = 8;
constexpr int64_t kShareHeldBack = 4;     // one in so many
constexpr int64_t kMostHeldBack = 256;    // evenly spaced ones of them are run
constexpr int64_t kExtremeSamples = 128;  // to know the largest magnitude of each channel
constexpr double kMostFactor = 64;        // by which a channel is scaled, or its inverse

/// The numbers of the samples that choose, and of those that moments are of.
struct Split {
  std::vector<int64_t> held_back;
  std::vector<int64_t> others;
};

Split split(int64_t samples) {
  Split out;
  for (int64_t k = 0; k < samples; ++k) {
    if (samples < kLeastToSplit || k % kShareHeldBack == kShareHeldBack - 1) out.held_back.push_back(k);
    if (samples < kLeastToSplit || k % kShareHeldBack != kShareHeldBack - 1) out.others.push_back(k);
  }
  auto const n = static_cast<int64_t>(out.held_back.size());
  if (n > kMostHeldBack) {
    std::vector<int64_t> some;
    for (int64_t k = 0; k < kMostHeldBack; ++k) some.push_back(out.held_back[static_cast<size_t>(k * n / kMostHeldBack)]);
    out.held_back = std::move(some);
  }
  return out;
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
    double const most = *std::max_element(own.begin(), own.end());
    ChannelFactors factors;
    for (double r : own)
      factors.push_back(r > most * 1e-6 ? std::clamp(std::pow(most / r, exponent), 1 / kMostFactor, kMostFactor) : 1.0);
    out.push_back(std::move(factors));
  }
  return out;
}

/// A model that was quantized by a chain.
struct ChainTrial {
  QualityChain chain;
  std::shared_ptr<const Model> source;
  KnownRanges ranges;
  QuantizedModel quantized;
  double seconds = 0;
};

/// What all trials of a request start from.
struct Start {
  std::shared_ptr<const Model> model;
  const QuantizeRequest& request;
  const QuantizeOptions& options;
  int entry = 0;
  std::vector<ChannelClass> classes;
  MomentsByTensor extremes;
  Split split;
};

std::shared_ptr<const Model> prepared(const Start& start, const QualityChain& chain) {
  Model out = *start.model;
  if (chain.equalization > 0)
    out = scale_channels(out, start.entry, start.classes,
                         factors_of(out.graphs[static_cast<size_t>(start.entry)], start.entry, start.classes,
                                    start.extremes, chain.equalization));
  int changed = 0;
  if (chain.means) out = pools_as_means(out, start.entry, changed);
  return std::make_shared<const Model>(std::move(out));
}

Result<ChainTrial> try_chain(const Start& start, const QualityChain& chain, int threads) {
  auto const began = std::chrono::steady_clock::now();
  ChainTrial out;
  out.chain = chain;
  out.source = prepared(start, chain);
  QuantizeRequest request = start.request;
  request.threads = threads;
  QuantizeOptions options = start.options;
  options.recipe.base.range = chain.range;
  NARROW_TRY(out.ranges, know_ranges(out.source, request, options));
  options.entries = out.ranges.entries;
  options.moments = &out.ranges.moments;
  NARROW_TRY(out.quantized, quantize(*out.source, out.ranges.range_of(*out.source), options));
  if (chain.choice.needs_moments()) {
    NARROW_TRY(auto const real, open_data(*out.source, request.data, start.entry));
    NARROW_TRY(auto const stored, open_data(out.quantized.model, request.data, start.entry));
    auto const entry = static_cast<size_t>(start.entry);
    Graph const inputs = out.quantized.model.graphs[entry];
    PickedSamples const real_some(*real, out.source->graphs[entry], start.split.others);
    PickedSamples const stored_some(*stored, inputs, start.split.others);
    NARROW_CHECK(choose_weights(out.source, out.quantized, real_some, stored_some,
                                {.entry = start.entry, .choice = chain.choice, .threads = threads}));
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return out;
}

}  // namespace

Result<BestQuality> best_quality(const std::shared_ptr<const Model>& model, const QuantizeRequest& request,
                                 const QuantizeOptions& options) {
  Start start{.model = model, .request = request, .options = options, .classes = {}, .extremes = {}, .split = {}};
  NARROW_TRY(start.entry, entry_graph(*model, request.signature));
  const Graph& graph = model->graphs[static_cast<size_t>(start.entry)];
  NARROW_TRY(auto const data, open_data(*model, request.data, start.entry));
  NARROW_TRY(int64_t const samples, sample_count(request.data, *data));
  start.split = split(samples);
  int const threads = thread_count(request.threads);

  start.classes = channel_classes(*model, start.entry);
  if (!start.classes.empty() && options.recipe.base.activations == 8) {
    std::set<TensorRef> tensors;
    for (const ChannelClass& c : start.classes)
      for (int t : c.tensors) tensors.insert(TensorRef{start.entry, t});
    Subsample const some(*data, graph, std::min(samples, kExtremeSamples), samples);
    NARROW_TRY(start.extremes, channel_moments(model, some, tensors, threads));
  }
  int pools = 0;
  pools_as_means(*model, start.entry, pools);
  std::vector<QualityChain> const chains = quality_chains(
      options.recipe.base, request.range.method != RangeMethod::minmax, !start.classes.empty(), pools > 0);

  std::vector<std::optional<Result<ChainTrial>>> tried(chains.size());
  std::atomic<size_t> next{0};
  run_on_threads(std::min<int>(threads, static_cast<int>(chains.size())), [&](int) {
    for (size_t k = next++; k < chains.size(); k = next++) tried[k] = try_chain(start, chains[k], 1);
  });
  std::vector<ChainTrial> trials;
  for (auto& t : tried) {
    NARROW_TRY(ChainTrial trial, std::move(*t));
    trials.push_back(std::move(trial));
  }

  EvaluateOptions how;
  PickedSamples const reference(*data, graph, start.split.held_back);
  how.reference = Candidate{model, std::shared_ptr<const Samples>(&reference, [](auto*) {}), start.entry};
  how.samples = reference.size();
  how.threads = threads;
  std::vector<Candidate> candidates;
  std::vector<std::shared_ptr<const Samples>> kept;
  for (const ChainTrial& t : trials) {
    auto const quantized = std::make_shared<const Model>(t.quantized.model);
    NARROW_TRY(auto all, open_data(*quantized, request.data, start.entry));
    kept.push_back(all);
    candidates.push_back({quantized,
                          std::make_shared<const PickedSamples>(
                              *all, quantized->graphs[static_cast<size_t>(start.entry)], start.split.held_back),
                          start.entry});
  }
  NARROW_TRY(auto const ran, evaluate(candidates, how));
  BestQuality out;
  out.report.held_back = reference.size();
  size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < trials.size(); ++k) {
    double const noise = ran[k].error ? ran[k].error->noise : 0;
    if (noise < least) {
      least = noise;
      best = k;
    }
    out.report.trials.push_back({trials[k].chain.text(), ran[k].error ? ran[k].error->sqnr_db() : 0, trials[k].seconds});
  }
  out.report.chosen = best;
  out.quantized = std::move(trials[best].quantized);
  out.ranges = std::move(trials[best].ranges);
  out.source = std::move(trials[best].source);
  return out;
}

}  // namespace narrow
