#include "api/quality.h"

#include <algorithm>
#include <limits>

#include "api/chain_trial.h"
#include "api/data.h"
#include "api/deciding_outputs.h"
#include "api/held_back.h"
#include "base/batches.h"
#include "graph/entry.h"
#include "program/evaluate.h"
#include "quantize/ranges/range_method.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

/// Tries chains and remembers the best by the error on samples that no trial was made from.
class Choice {
 public:
  Choice(const TrialStart& start, DataSource others, const DataSource& held_back, int threads)
      : start_(start),
        others_(std::move(others)),
        held_back_(held_back),
        threads_(threads),
        names_(deciding_names(start.graph())) {}

  /// Tries those of `chains` that have not been tried, as far as the budget goes.
  Status try_all(const std::vector<QualityChain>& chains, size_t budget) {
    std::vector<QualityChain> fresh;
    for (const QualityChain& c : chains)
      if (!tried(c) && std::ranges::find(fresh, c) == fresh.end() && report.trials.size() + fresh.size() < budget)
        fresh.push_back(c);
    std::vector<ChainTrial> trials(fresh.size());
    Batches const one_by_one{.samples = static_cast<int64_t>(fresh.size()), .threads = threads_};
    NARROW_CHECK(for_each_batch(one_by_one, [&](int, int64_t k, int) -> Status {
      auto const at = static_cast<size_t>(k);
      NARROW_TRY(trials[at], try_chain(start_, fresh[at], others_, fresh.size() > 1 ? 1 : threads_));
      return {};
    }));
    return compare(trials);
  }

  bool tried(const QualityChain& chain) const { return std::ranges::find(chains_, chain) != chains_.end(); }
  /// The decibels of a chain that has been tried.
  double score(const QualityChain& chain) const {
    auto const at = static_cast<size_t>(std::ranges::find(chains_, chain) - chains_.begin());
    return at < scores_.size() ? scores_[at] : -std::numeric_limits<double>::infinity();
  }
  const QualityChain& best() const { return chains_[report.chosen]; }

  QualityReport report;

 private:
  /// The SQNR of models that give out tensors of these names; of their outputs where there are no names.
  Result<std::vector<double>> measure(const std::vector<ChainTrial>& trials, const std::vector<std::string>& names) {
    EvaluateOptions how;
    auto candidate = [&](const Model& model) -> Result<Candidate> {
      auto const shown = giving_out(model, start_.entry, names);
      NARROW_TRY(auto const data, open_data(*shown, held_back_, start_.entry, start_.request.on_nan));
      how.samples = data->size();
      return Candidate{shown, data, start_.entry};
    };
    NARROW_TRY(how.reference, candidate(*start_.model));
    how.threads = threads_;
    std::vector<Candidate> candidates;
    for (const ChainTrial& t : trials) {
      NARROW_TRY(Candidate c, candidate(t.made.quantized.model));
      candidates.push_back(std::move(c));
    }
    NARROW_TRY(auto const ran, evaluate(candidates, how));
    report.held_back = how.samples;
    std::vector<double> out;
    for (const Evaluation& e : ran) out.push_back(e.error ? e.error->sqnr_db() : 0);
    return out;
  }

  Status compare(const std::vector<ChainTrial>& trials) {
    if (trials.empty()) return {};
    NARROW_TRY(auto const outputs, measure(trials, {}));
    std::vector<double> deciding = outputs;
    if (!names_.empty()) {
      NARROW_TRY(deciding, measure(trials, names_));
    }
    for (size_t k = 0; k < trials.size(); ++k) {
      chains_.push_back(trials[k].chain);
      scores_.push_back(deciding[k] - trials[k].chain.handicap());
      report.trials.push_back({trials[k].chain.text(), outputs[k], deciding[k], trials[k].seconds});
      if (scores_.back() > scores_[report.chosen]) report.chosen = scores_.size() - 1;
    }
    return {};
  }

  const TrialStart& start_;
  DataSource others_;
  DataSource held_back_;
  int threads_;
  std::vector<std::string> names_;  // of the deciding tensors, where these are not the outputs
  std::vector<QualityChain> chains_;
  std::vector<double> scores_;
};

/// What is tried, round by round: ranges with the choice of integers; means and equalization beside the best of these;
/// what of that gains together, with each range.
Status try_steps(Choice& choice, const Settings& base, const QualitySteps& steps, bool can_equalize, bool can_mean,
                 size_t budget) {
  std::vector<QualityChain> chains{{.range = base.range}};
  for (const std::string& range : steps.ranges)
    chains.push_back({.range = range, .second_range = range != steps.ranges.front(), .choice = steps.choice});
  NARROW_CHECK(choice.try_all(chains, budget));
  QualityChain first = chains[1];
  for (size_t k = 2; k < chains.size(); ++k)
    if (choice.score(chains[k]) > choice.score(first)) first = chains[k];

  QualityChain means = first;
  means.means = can_mean;
  chains = {means};
  QualityChain scaled = first;
  for (double exponent : steps.equalizations) {
    if (!can_equalize) continue;
    chains.push_back(first);
    chains.back().equalization = exponent;
  }
  NARROW_CHECK(choice.try_all(chains, budget));
  for (const QualityChain& c : chains)
    if (!c.means && choice.score(c) > choice.score(scaled)) scaled = c;
  if (choice.score(means) > choice.score(first)) scaled.means = can_mean;
  chains = {scaled};
  for (const std::string& range : steps.ranges) {
    chains.push_back(scaled);
    chains.back().range = range;
    chains.back().second_range = range != steps.ranges.front();
  }
  return choice.try_all(chains, budget);
}

/// The chain that a recipe's [steps] say. bad_option where the request says otherwise, or integers cannot be chosen by
/// samples, for the reason `why`.
Result<QualityChain> chain_of(const Steps& steps, const Settings& base, const QuantizeRequest& request,
                              const std::string& why) {
  const std::pair<const char*, bool> said[] = {{"quality", request.quality == Quality::fast},
                                               {"candidates", request.candidates.has_value()},
                                               {"weight_rounding", request.weight_rounding.has_value()},
                                               {"range", request.range.has_value()},
                                               {"act_max", !request.act_max.empty() && steps.equalization > 0}};
  for (auto const& [field, given] : said)
    if (given)
      return refuse(field, "`" + std::string(field) + "` does not go with " + steps.source + ", which say it too",
                    "leave one of both out");
  if (!why.empty())
    return fail(ErrorKind::bad_option, "the steps of a recipe are made by samples, but " + why, steps.source,
                "leave them out");
  NARROW_TRY(RangeChoice const range, parse_range(steps.range));
  if (range.method->search)
    return fail(ErrorKind::bad_option, "the steps of a recipe do not search ranges", steps.source,
                "choose another range");
  return QualityChain{.range = steps.range,
                      .equalization = steps.equalization,
                      .means = steps.means,
                      .choice = choice_with(steps.weight_rounding, base.weights, base.activations)};
}

}  // namespace

std::string no_choice_by_samples(const Model& model, const QuantizeRequest& request, const QuantizeOptions& options,
                                 bool is_integer) {
  if (options.scheme->kind != SchemeKind::integer)
    return std::string("`scheme=") + options.scheme->name + "` needs none";
  if (is_integer) return "the model is integer already";
  if (!request.data.given()) return "there are none, as statistics do not hold any";
  auto const entry = entry_graph(model, request.signature);
  if (entry && runs_one_by_one(model.graphs[static_cast<size_t>(*entry)]))
    return "the model keeps state, or runs graphs";
  if (entry && std::ranges::none_of(model.graphs[static_cast<size_t>(*entry)].ops,
                                    [](const Op& op) { return op.def && op.def->sum_inputs; }))
    return "the model has no layers with weights";
  if (request.on_nan == OnNan::skip) return "with `on_nan=skip` there is no error to compare";
  if (searches_ranges(options.recipe)) return "`range=search` goes by the float model's layers";
  return {};
}

Result<std::optional<QualityWay>> quality_way(const Model& model, const QuantizeRequest& request,
                                              const QuantizeOptions& options, bool is_integer) {
  std::optional<QualityWay> none;
  bool const by_hand = request.weight_rounding && *request.weight_rounding != WeightRounding::nearest;
  bool const insists = request.quality == Quality::best;
  const char* const field = insists ? "quality" : "weight_rounding";
  const Rule* const rule = options.recipe.rounding_by_samples();
  if (request.candidates && (request.quality == Quality::fast || (request.weight_rounding && !insists)))
    return refuse("candidates", "`candidates` counts what `quality=best` tries, and nothing is tried", "leave it out");
  if (request.candidates && *request.candidates < 1)
    return refuse("candidates", "`candidates` is not at least 1", "leave it out");
  std::string const why = no_choice_by_samples(model, request, options, is_integer);
  if (options.recipe.steps) {
    NARROW_TRY(QualityChain chain, chain_of(*options.recipe.steps, options.recipe.base, request, why));
    return std::optional(QualityWay{.chain = std::move(chain)});
  }
  if (!why.empty() && (insists || by_hand))
    return refuse(field, "`" + std::string(field) + "` chooses integers by samples, but " + why, "leave it out");
  if (!why.empty() && rule)
    return fail(ErrorKind::bad_option, "'weight_rounding' chooses integers by samples, but " + why, rule->source,
                "leave it out");
  bool const nearest = request.quality == Quality::fast || request.weight_rounding == WeightRounding::nearest;
  if (!why.empty() || (nearest && !insists && !by_hand && !rule)) return none;

  const Settings& base = options.recipe.base;
  QualityWay out;
  out.steps = quality_steps(base, request.range.has_value(), request.weight_rounding);
  out.budget = static_cast<size_t>(request.candidates.value_or(kQualityCandidates));
  if (!request.act_max.empty()) out.steps.equalizations.clear();  // ranges by hand are of channels as they are
  if (by_hand && !insists)
    out.chain = QualityChain{.range = base.range, .choice = out.steps.choice};
  else if (nearest && !insists)
    out.chain = QualityChain{.range = base.range};  // of which rules make exceptions
  return std::optional(std::move(out));
}

Result<ByQuality> quantize_by(const QualityWay& way, const std::shared_ptr<const Model>& model,
                              const QuantizeRequest& request, const QuantizeOptions& options) {
  TrialStart start{.model = model, .request = request, .options = options};
  NARROW_TRY(start.entry, entry_graph(*model, request.signature));
  NARROW_TRY(auto const data, open_data(*model, request.data, start.entry, request.on_nan));
  NARROW_TRY(int64_t const samples, sample_count(request.data, *data));
  int const threads = thread_count(request.threads);
  ByQuality out;
  QualityChain chosen;
  if (way.chain) {
    chosen = *way.chain;
    if (chosen.equalization > 0) NARROW_CHECK(know_channels(start, *data, samples, threads));
  } else {
    if (!way.steps.equalizations.empty()) NARROW_CHECK(know_channels(start, *data, samples, threads));
    Model changed = *model;
    bool const can_mean = !pools_as_means(changed, start.entry).empty();
    SplitSamples const parts = split_samples(samples);
    Choice choice(start, picked(start.graph(), data, parts.others), picked(start.graph(), data, parts.held_back),
                  threads);
    NARROW_CHECK(try_steps(choice, options.recipe.base, way.steps, !start.classes.empty(), can_mean, way.budget));
    chosen = choice.best();
    out.report = std::move(choice.report);
  }
  NARROW_TRY(ChainTrial made, try_chain(start, chosen, request.data, threads));
  out.chain = std::move(chosen);
  out.quantized = std::move(made.made.quantized);
  out.ranges = std::move(made.ranges);
  out.notes = std::move(made.made.notes);
  return out;
}

}  // namespace narrow
