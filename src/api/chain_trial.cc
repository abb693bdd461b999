#include "api/chain_trial.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "api/data.h"
#include "api/output_steps.h"
#include "base/outward.h"
#include "search/choose_weights.h"

namespace narrow {
namespace {

/// A mean over a whole image has one value for each sample and channel, of which few samples show too few to know the
/// largest: on VWW, images of another source cost 3 dB without room, and none with it.
constexpr double kMeanRoom = 1.25;

/// A range a little wider, whose ends do not show the last bits of the float run.
Range widened(const Range& range) {
  double const kMost = std::numeric_limits<float>::max();
  auto end = [kMost](float v) {
    return static_cast<float>(std::clamp(outward(static_cast<double>(v)), -kMost, kMost));
  };
  return {end(range.lo), end(range.hi)};
}

}  // namespace

Result<ChainTrial> try_chain(const TrialStart& start, const QualityChain& chain, const CalibratedModel& calibrated,
                             const DataSource& data, int threads) {
  auto const began = std::chrono::steady_clock::now();
  ChainTrial out;
  out.chain = chain;
  const std::shared_ptr<const Model>& source = calibrated.model;
  const std::vector<int>& means = calibrated.pooled;
  QuantizeOptions options = start.options;
  options.recipe.base.range = chain.range;
  options.recipe.base.headroom = chain.headroom;
  if (chain.wide_outputs) {  // rules of the user come after these, and win
    std::vector<Rule> rules = wide_output_rules(start.graph());
    options.recipe.rules.insert(options.recipe.rules.begin(), rules.begin(), rules.end());
    if (!start.request.io) options.io = DType::int16;
  }
  options.entries = calibrated.ranges.entries;
  options.moments = &calibrated.ranges.moments;
  RangeOf const seen = calibrated.ranges.range_of(*source);
  bool const by_moments = chain.choice.needs_moments() || options.recipe.rounding_by_samples();
  RangeOf const used = [&](TensorRef t, const std::string& method, int bits) -> Result<Range> {
    NARROW_TRY(Range range, seen(t, method, bits));
    if (t.graph == start.entry && std::ranges::find(means, t.tensor) != means.end()) {
      auto const room = static_cast<float>(std::max(1.0, kMeanRoom / chain.headroom));
      range = {range.lo * room, range.hi * room};
    }
    return by_moments && !calibrated.ranges.by_hand.contains(t) ? widened(range) : range;
  };
  NARROW_TRY(out.quantized, quantize(*source, used, options));
  auto const by_samples = [&](const auto& l) { return l.spec.choice_beside(chain.choice).needs_moments(); };
  auto const some_part = [&](const QuantizedParts& p) { return std::ranges::any_of(p.parts, by_samples); };
  if (std::ranges::any_of(out.quantized.layers, by_samples) || std::ranges::any_of(out.quantized.parts, some_part)) {
    NARROW_TRY(auto const real, open_data(*source, data, start.entry, start.request.on_nan));
    NARROW_TRY(auto const stored, open_data(out.quantized.model, data, start.entry, start.request.on_nan));
    NARROW_TRY(ChosenWeights const chosen,
               choose_weights(source, out.quantized, *real, *stored,
                              {.entry = start.entry, .choice = chain.choice, .threads = threads}));
    for (const std::string& why : chosen.unchanged) out.notes.push_back("weights to the nearest integers: " + why);
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return out;
}

}  // namespace narrow
