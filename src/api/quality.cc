#include "api/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "api/chain_trial.h"
#include "api/data.h"
#include "api/held_back.h"
#include "api/output_steps.h"
#include "base/batches.h"
#include "graph/entry.h"
#include "program/evaluate.h"
#include "quantize/ranges/range_method.h"
#include "simplify/pools_as_means.h"

namespace narrow {
namespace {

constexpr double kTie = 0.1;              // decibels by which a chain has to be better than an earlier one
constexpr double kQuarterOfNoise = 6.02;  // decibels

/// The mean over samples of the SQNR that all would have with the noise of this one, which is at most kExactDb.
double typical_db(const std::vector<SampleOutcome>& samples) {
  constexpr double kExactDb = 150;
  double signal = 0, sum = 0;
  for (const SampleOutcome& s : samples) signal += s.error.signal / static_cast<double>(samples.size());
  if (signal <= 0) return 0;
  for (const SampleOutcome& s : samples)
    sum += std::min(s.error.noise > 0 ? 10 * std::log10(signal / s.error.noise) : kExactDb, kExactDb);
  return sum / static_cast<double>(samples.size());
}

/// Tries chains and remembers the best by the error on samples that no trial was made from.
class Choice {
 public:
  Choice(const TrialStart& start, DataSource others, const DataSource& held_back, std::string range, int threads)
      : start_(start),
        others_(std::move(others)),
        held_back_(held_back),
        threads_(threads),
        deciding_(deciding_tensors(start.graph())),
        range_(std::move(range)) {
    if (deciding_ != start.graph().outputs)
      for (int t : deciding_) names_.push_back(start.graph().tensor(t).name);
  }

  /// Tries those of `chains` that have not been tried, as far as the budget goes.
  Status try_all(const std::vector<QualityChain>& chains, size_t budget) {
    std::vector<QualityChain> fresh;
    for (const QualityChain& c : chains)
      if (!tried(c) && std::ranges::find(fresh, c) == fresh.end() && report.trials.size() + fresh.size() < budget)
        fresh.push_back(c);
    NARROW_CHECK(calibrate_all(fresh));
    std::vector<ChainTrial> trials(fresh.size());
    Batches const one_by_one{.samples = static_cast<int64_t>(fresh.size()), .threads = threads_};
    NARROW_CHECK(for_each_batch(one_by_one, [&](int, int64_t k, int) -> Status {
      auto const at = static_cast<size_t>(k);
      NARROW_TRY(trials[at],
                 try_chain(start_, fresh[at], calibrated_for(fresh[at]), others_, fresh.size() > 1 ? 1 : threads_));
      return {};
    }));
    return compare(trials);
  }

  bool tried(const QualityChain& chain) const { return std::ranges::find(chains_, chain) != chains_.end(); }
  /// Whether a chain is better than one tried before, by more than what processors may differ in.
  bool better(const QualityChain& chain, const QualityChain& other) const { return score(chain) > score(other) + kTie; }
  double score(const QualityChain& chain) const {
    auto const at = static_cast<size_t>(std::ranges::find(chains_, chain) - chains_.begin());
    return at < scores_.size() ? scores_[at] : -std::numeric_limits<double>::infinity();
  }
  const QualityChain& best() const { return chains_[report.chosen]; }

  /// Finds how much of the best chain's error is of the outputs' own steps, and from a quarter of it on, what 16-bit
  /// outputs gain. Nothing where these have no 8-bit steps.
  Status measure_output_steps() {
    auto const rounded = rounded_alone(*start_.model, start_.entry, deciding_, best_model_);
    if (!rounded) return {};
    NARROW_TRY(auto const alone, measure({rounded}, names_));
    OutputSteps& out = report.output_steps.emplace(OutputSteps{.own_db = alone.front().all, .gain_db = {}});
    const QualityTrial& chosen = report.trials[report.chosen];
    if (out.own_db - chosen.logits_db > kQuarterOfNoise) return {};
    QualityChain wide = best();
    wide.wide_outputs = true;
    auto const trial = try_chain(start_, wide, calibrated_for(wide), others_, threads_);
    if (!trial) return {};  // the ops have no such form in this model
    NARROW_TRY(auto const outputs, measure({std::make_shared<const Model>(trial->quantized.model)}, {}));
    out.gain_db = outputs.front().all - chosen.sqnr_db;
    return {};
  }

  QualityReport report;

 private:
  using Models = std::vector<std::shared_ptr<const Model>>;

  const CalibratedModel& calibrated_for(const QualityChain& chain) const {
    return *std::ranges::find_if(calibrated_, [&](const CalibratedModel& c) { return c.serves(chain); });
  }

  /// Calibrates what these chains need beside what is there.
  Status calibrate_all(const std::vector<QualityChain>& chains) {
    size_t const known = calibrated_.size();
    std::vector<QualityChain> missing;
    for (const QualityChain& c : chains) {
      if (std::ranges::any_of(calibrated_, [&](const CalibratedModel& m) { return m.serves(c); })) continue;
      missing.push_back(c);
      calibrated_.push_back({.equalization = c.equalization, .means = c.means});
    }
    Batches const one_by_one{.samples = static_cast<int64_t>(missing.size()), .threads = threads_};
    return for_each_batch(one_by_one, [&](int, int64_t k, int) -> Status {
      auto const at = static_cast<size_t>(k);
      NARROW_TRY(calibrated_[known + at],
                 calibrate_for(start_, missing[at], others_, range_, missing.size() > 1 ? 1 : threads_));
      return {};
    });
  }

  /// Decibels of a model beside the float one.
  struct Decibels {
    double all = 0;      // SQNR over all samples, which the worst of them decide
    double typical = 0;  // mean over samples of what it would be if all had the noise of this one
  };

  /// The SQNR of models beside the float model's tensors of these names; beside its outputs where there are no names.
  Result<std::vector<Decibels>> measure(const Models& models, const std::vector<std::string>& names) {
    EvaluateOptions how;
    auto candidate = [&](const std::shared_ptr<const Model>& model) -> Result<Candidate> {
      NARROW_TRY(auto const data, open_data(*model, held_back_, start_.entry, start_.request.on_nan));
      how.samples = data->size();
      return Candidate{model, data, start_.entry};
    };
    NARROW_TRY(how.reference, candidate(giving_out(*start_.model, start_.entry, names)));
    how.threads = threads_;
    std::vector<Candidate> candidates;
    for (const auto& m : models) {
      NARROW_TRY(Candidate c, candidate(m));
      candidates.push_back(std::move(c));
    }
    NARROW_TRY(auto const ran, evaluate(candidates, how));
    report.held_back = how.samples;
    std::vector<Decibels> out;
    for (const Evaluation& e : ran) out.push_back({e.error ? e.error->sqnr_db() : 0, typical_db(e.each)});
    return out;
  }

  Status compare(std::vector<ChainTrial>& trials) {
    if (trials.empty()) return {};
    auto shown = [&](const std::vector<std::string>& names) {
      Models out;
      for (const ChainTrial& t : trials) out.push_back(giving_out(t.quantized.model, start_.entry, names));
      return out;
    };
    NARROW_TRY(auto const outputs, measure(shown({}), {}));
    std::vector<Decibels> deciding = outputs;
    if (!names_.empty()) {
      NARROW_TRY(deciding, measure(shown(names_), names_));
    }
    for (size_t k = 0; k < trials.size(); ++k) {
      chains_.push_back(trials[k].chain);
      scores_.push_back((deciding[k].all + deciding[k].typical) / 2 - trials[k].chain.handicap());
      report.trials.push_back(
          {trials[k].chain.text(), outputs[k].all, deciding[k].all, deciding[k].typical, trials[k].seconds});
      if (scores_.size() > 1 && scores_.back() <= scores_[report.chosen] + kTie) continue;
      report.chosen = scores_.size() - 1;
      best_model_ = std::move(trials[k].quantized.model);
    }
    return {};
  }

  const TrialStart& start_;
  DataSource others_;
  DataSource held_back_;
  int threads_;
  std::vector<int> deciding_;       // tensors of the float graph
  std::vector<std::string> names_;  // of these, where they are not the outputs
  std::string range_;               // whose statistics serve all ranges that are tried
  std::vector<CalibratedModel> calibrated_;
  std::vector<QualityChain> chains_;
  std::vector<double> scores_;
  Model best_model_;
};

/// What is tried, round by round: ranges with the choice of integers; means, less headroom and equalization beside the
/// best of these; what of that gains together, with each range; and 16-bit outputs beside the best, where callers take
/// such.
Status try_steps(Choice& choice, const Settings& base, const QualitySteps& steps, bool can_equalize, bool can_mean,
                 bool wide_outputs, size_t budget) {
  std::vector<QualityChain> chains{{.range = base.range, .headroom = base.headroom}};
  for (const std::string& range : steps.ranges)
    chains.push_back({.range = range,
                      .headroom = base.headroom,
                      .second_range = range != steps.ranges.front(),
                      .choice = steps.choice});
  NARROW_CHECK(choice.try_all(chains, budget));
  QualityChain first = chains[1];
  for (size_t k = 2; k < chains.size(); ++k)
    if (choice.better(chains[k], first)) first = chains[k];

  QualityChain means = first;
  means.means = can_mean;
  QualityChain nearer = first;
  nearer.less_headroom = steps.headroom.has_value();
  nearer.headroom = steps.headroom.value_or(first.headroom);
  chains = {means, nearer};
  QualityChain scaled = first;
  for (double exponent : steps.equalizations) {
    if (!can_equalize) continue;
    chains.push_back(first);
    chains.back().equalization = exponent;
  }
  NARROW_CHECK(choice.try_all(chains, budget));
  for (const QualityChain& c : chains)
    if (c.equalization > 0 && choice.better(c, scaled)) scaled = c;
  if (choice.better(means, first)) scaled.means = can_mean;
  if (steps.headroom && choice.better(nearer, first)) {
    scaled.headroom = nearer.headroom;
    scaled.less_headroom = true;
  }
  chains = {scaled};
  for (const std::string& range : steps.ranges) {
    chains.push_back(scaled);
    chains.back().range = range;
    chains.back().second_range = range != steps.ranges.front();
  }
  NARROW_CHECK(choice.try_all(chains, budget));
  if (!wide_outputs) return {};
  QualityChain wide = choice.best();
  wide.wide_outputs = true;
  return choice.try_all({wide}, budget);
}

/// The chain that a recipe's [steps] say. bad_option where the request says otherwise, or integers cannot be chosen by
/// samples, for the reason `why`.
Result<QualityChain> chain_of(const Steps& steps, const Settings& base, const QuantizeRequest& request,
                              const std::string& why) {
  const std::pair<const char*, bool> said[] = {{"quality", request.quality == Quality::fast},
                                               {"candidates", request.candidates.has_value()},
                                               {"weight_rounding", request.weight_rounding.has_value()},
                                               {"range", request.range.has_value()},
                                               {"headroom", request.headroom.has_value()},
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
                      .headroom = steps.headroom.value_or(base.headroom),
                      .means = steps.means,
                      .choice = choice_with(steps.weight_rounding, base.weights, base.activations),
                      .wide_outputs = steps.wide_outputs};
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
  if (by_hand && !insists)
    return std::optional(QualityWay{
        .chain = QualityChain{.range = base.range,
                              .headroom = base.headroom,
                              .choice = choice_with(*request.weight_rounding, base.weights, base.activations)}});
  if (nearest && !insists)  // of which rules make exceptions
    return std::optional(QualityWay{.chain = QualityChain{.range = base.range, .headroom = base.headroom}});
  QualityWay out;
  out.given = {.range = request.range.has_value(),
               .headroom = request.headroom.has_value(),
               .hand_ranges = !request.act_max.empty(),
               .rounding = request.weight_rounding};
  out.budget = static_cast<size_t>(request.candidates.value_or(kQualityCandidates));
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
    const Settings& base = options.recipe.base;
    QualitySteps const steps = quality_steps(base, way.given, samples);
    if (!steps.equalizations.empty()) NARROW_CHECK(know_channels(start, *data, samples, threads));
    Model changed = *model;
    bool const can_mean = !pools_as_means(changed, start.entry).empty();
    SplitSamples const parts = split_samples(samples);
    Choice choice(start, picked(start.graph(), data, parts.others), picked(start.graph(), data, parts.held_back),
                  steps.ranges.front(), threads);
    bool const steps8 = base.activations == 8 && !base.power_of_two && !wide_output_rules(start.graph()).empty();
    bool const takes_wide = request.io == DType::int16 || request.io == DType::float32;
    NARROW_CHECK(try_steps(choice, base, steps, !start.classes.empty(), can_mean, steps8 && takes_wide, way.budget));
    if (steps8 && !takes_wide) NARROW_CHECK(choice.measure_output_steps());
    chosen = choice.best();
    out.report = std::move(choice.report);
  }
  NARROW_TRY(CalibratedModel calibrated, calibrate_for(start, chosen, request.data, chosen.range, threads));
  NARROW_TRY(ChainTrial made, try_chain(start, chosen, calibrated, request.data, threads));
  out.chain = std::move(chosen);
  out.quantized = std::move(made.quantized);
  out.ranges = std::move(calibrated.ranges);
  out.model = std::move(calibrated.model);
  out.notes = std::move(made.notes);
  out.scaled = std::move(calibrated.scaled);
  return out;
}

}  // namespace narrow
