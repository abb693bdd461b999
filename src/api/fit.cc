// fit of the public interface: a chain of steps, the error of each layer's narrow weights, and a search for widths.
#include "narrow/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "api/data.h"
#include "api/data_warnings.h"
#include "api/fit_search.h"
#include "api/given.h"
#include "api/held_back.h"
#include "api/quality.h"
#include "api/sized_for_data.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "graph/entry.h"
#include "ops/build/inside_values.h"
#include "ops/control/state.h"
#include "program/evaluate.h"
#include "quantize/schemes/integer_model.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr SplitRule kHeldBack{.share = 2, .most = 4096};
constexpr int64_t kMostCalibrated = 1024;  // in trials; the recipe is carried out with all samples
constexpr int64_t kFewSamples = 200;       // half a point of top-1 is one of these

Status check_request(const FitRequest& r) {
  if (!r.data.given()) return refuse("data", "`data` is missing: widths are chosen by samples", "give `data`");
  const std::pair<const char*, std::optional<int64_t>> limits[] = {
      {"flash", r.flash}, {"ram", r.ram}, {"macs", r.macs}};
  for (auto const& [field, limit] : limits)
    if (limit && *limit < 1) return refuse(field, "`" + std::string(field) + "` is not at least 1");
  if (!r.max_drop) return {};
  bool const points = r.max_drop->unit == MostDrop::Unit::points;
  if (!std::isfinite(r.max_drop->value) || (points && (r.max_drop->value < 0 || r.max_drop->value > 100)))
    return refuse("max_drop", "`max_drop` does not take this number", "give points from 0 to 100, as 1%, or decibels");
  if (points && !r.labels.given())
    return refuse("max_drop", "`max_drop` in points is of top-1 accuracy, which needs `labels`",
                  "give `labels`, or decibels, as 3dB");
  return {};
}

/// The float model to quantize.
Result<std::shared_ptr<const Model>> source_of(const ModelPtr& given, const FitRequest& request) {
  NARROW_TRY(int const entry, entry_graph(*given, request.signature));
  NARROW_TRY(ModelPtr const sized, sized_for(given, request.data, entry));
  NARROW_TRY(Model simplified, simplify(*sized));
  return std::make_shared<const Model>(with_inside_values(std::move(simplified)));
}

QuantizeRequest quantize_request(const FitRequest& request) {
  QuantizeRequest out;
  out.data = request.data;
  out.signature = request.signature;
  out.threads = request.threads;
  out.progress = request.progress;
  return out;
}

QuantizeOptions fit_options(const FitRequest& request) {
  QuantizeOptions out;
  out.scheme = find_scheme(to_string(Scheme::int8));
  out.recipe = recipe_of(*out.scheme);
  out.io = request.io.value_or(out.scheme->io);
  out.io_given = request.io.has_value();
  return out;
}

/// What trials are made from, and what they are measured on.
struct Parts {
  DataSource calibration;
  LabelledData measured;
  LabelledData every;  // of those that labels are of
};

Result<Parts> parts_of(const std::shared_ptr<const Model>& model, int entry, const FitRequest& request,
                       FitResult& out) {
  const Graph& graph = model->graphs[static_cast<size_t>(entry)];
  NARROW_TRY(auto const data, open_data(*model, request.data, entry));
  NARROW_TRY(int64_t const samples, sample_count(request.data, *data));
  NARROW_CHECK(sequence_samples(request.data, keeps_state(*model, entry)));
  bool const apart = request.test.given();
  auto judges = data;
  int64_t judging = samples;
  if (apart) {
    NARROW_TRY(judges, open_data(*model, request.test, entry));
    NARROW_TRY(judging, sample_count(request.test, *judges));
  }
  NARROW_TRY(auto const labels, open_labels(request.labels, *judges, judging));
  NARROW_CHECK(check_labels(graph, labels, judging));
  SplitSamples parts = split_samples(samples, kHeldBack);
  if (apart) {
    parts.others = evenly(samples, samples);
    parts.held_back = evenly(std::min(judging, kHeldBack.most), judging);
  } else if (std::ssize(parts.others) > kMostCalibrated) {
    std::vector<int64_t> some;
    for (int64_t const k : evenly(kMostCalibrated, std::ssize(parts.others)))
      some.push_back(parts.others[static_cast<size_t>(k)]);
    parts.others = std::move(some);
  }
  if (!apart && parts.others == parts.held_back)
    out.warnings.push_back(
        fmt::format("{} samples are too few to hold some back: drops are measured on those that the "
                    "network was calibrated with",
                    samples));
  else if (request.labels.given() && std::ssize(parts.held_back) < kFewSamples)
    out.warnings.push_back(
        fmt::format("top-1 of {} samples is known to a point or so only; more `data` with labels "
                    "would say more",
                    parts.held_back.size()));
  Parts result;
  auto part = [&](const std::vector<int64_t>& numbers) {
    LabelledData some{picked(graph, judges, numbers), {}};
    for (int64_t const k : numbers)
      if (!labels.empty()) some.labels.push_back(labels[static_cast<size_t>(k)]);
    return some;
  };
  out.calibrated = std::ssize(parts.others);
  out.held_back = std::ssize(parts.held_back);
  result.measured = part(parts.held_back);
  result.every = part(evenly(std::min(judging, kHeldBack.most), judging));
  result.calibration = picked(graph, data, std::move(parts.others));
  return result;
}

/// Limits that a trial does not keep within: text, each with by how much.
std::vector<std::string> missed_by(const FitTrial& t, const FitRequest& request, const FitResult& result) {
  std::vector<std::string> out;
  bool const points = result.max_drop.unit == MostDrop::Unit::points;
  if (!keeps_drop(t.drop, result.max_drop))
    out.push_back(fmt::format("the drop is {:.2f} {} on {} samples, {:.2f} more than `max_drop` allows", t.drop,
                              points ? "points of top-1" : "dB", result.held_back, t.drop - result.max_drop.value));
  auto check = [&](const char* field, const char* what, std::optional<int64_t> takes, std::optional<int64_t> limit) {
    if (limit && takes && *takes > *limit)
      out.push_back(fmt::format("{} {}, {} more than `{}` allows", what, *takes, *takes - *limit, field));
  };
  check("flash", "code and constants take", t.flash_bytes, request.flash);
  check("ram", "arena, state and stack take", t.ram_bytes, request.ram);
  check("macs", "multiply-accumulates, which widths do not change, are", result.macs, request.macs);
  return out;
}

/// Sorts trials by weight bytes, and what points to them.
void put_trials(const FitSearch& search, FitResult& out, size_t shown) {
  std::vector<size_t> order(search.trials().size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t k) { return search.trials()[k].weight_bytes; });
  for (size_t const k : order) out.trials.push_back(search.trials()[k]);
  auto const at = static_cast<size_t>(std::ranges::find(order, shown) - order.begin());
  (out.missed.empty() ? out.chosen : out.nearest) = at;
}

void put_layers(const FitStart& fit, const std::vector<FitLayer>& layers, const FitTrial& trial, FitResult& out) {
  size_t const wide_from = fit.graph().ops.size() - trial.wide_ops;
  for (size_t k = 0; k < layers.size(); ++k) {
    const FitLayer& l = layers[k];
    FittedLayer row{l.name, l.type, l.weights, std::nullopt, trial.weight_bits[k], l.op >= wide_from ? 16 : 8};
    if (l.alone) row.alone_db = decibels_of(*l.alone);
    out.layers.push_back(std::move(row));
  }
}

/// The trial to show: the smallest that keeps within all limits, else the nearest, with what it misses.
Result<size_t> shown_trial(FitSearch& search, const FitRequest& request, FitResult& out) {
  auto misses = [&](size_t k) { return missed_by(search.trials()[k], request, out); };
  std::vector<size_t> const kept = search.kept();
  auto const fits = std::ranges::find_if(kept, [&](size_t k) { return misses(k).empty(); });
  if (fits != kept.end()) return *fits;
  size_t shown = kept.empty() ? search.best() : kept.front();
  FitTrial const t = search.trials()[shown];
  if (!kept.empty() && request.flash && t.flash_bytes && *t.flash_bytes > *request.flash) {
    NARROW_TRY(auto const small, search.largest_within(t.weight_bytes - (*t.flash_bytes - *request.flash)));
    if (small && search.trials()[*small].flash_bytes <= *request.flash) shown = *small;
  }
  out.missed = misses(shown);
  return shown;
}

/// The chain of steps that is best with 8 bits.
Result<QualityChain> best_with_8_bits(const std::shared_ptr<const Model>& source, const QuantizeRequest& request,
                                      const QuantizeOptions& options) {
  std::string const obstacle = no_choice_by_samples(*source, request, options, integer_model(*source).has_value());
  if (!obstacle.empty())
    return fail(ErrorKind::unsupported, "widths are chosen by samples, but " + obstacle, source->source);
  NARROW_TRY(auto const way, quality_way(*source, request, options, false));
  auto out = quantize_by(*way, source, request, options);
  if (out) return std::move(out->chain);
  Error why = out.error();
  if (why.kind == ErrorKind::unsupported) why.remedy = "widths are searched where all ops can be integer";
  return tl::unexpected(std::move(why));
}

/// Carries the recipe of a plan, which drops `drop`, out with all samples, as `quantize` does with its text.
Status make(const FitStart& fit, const WidthPlan& plan, double drop, const FitRequest& request, FitResult& out) {
  std::string recipe = recipe_text(fit.graph(), plan, fit.chain, true);
  QuantizeRequest const all_data = quantize_request(request);
  QuantizeOptions options = fit.start.options;
  NARROW_CHECK(parse_rules(recipe, "the recipe", options.recipe));
  NARROW_TRY(auto const way, quality_way(*fit.start.model, all_data, options, false));
  NARROW_TRY(ByQuality const made, quantize_by(*way, fit.start.model, all_data, options));
  FitTrial costs = costs_of(made.quantized, request.signature);
  costs.drop = drop;
  out.missed = missed_by(costs, request, out);
  if (!out.missed.empty()) return {};
  out.made = std::move(costs);
  out.recipe = std::move(recipe);
  return {};
}

Result<FitResult> carry_out(const ModelPtr& given, const FitRequest& request) {
  NARROW_CHECK(check_request(request));
  FitResult out;
  MostDrop const points{1, MostDrop::Unit::points}, decibels{6, MostDrop::Unit::decibels};
  out.max_drop = request.max_drop.value_or(request.labels.given() ? points : decibels);
  NARROW_TRY(auto const source, source_of(given, request));
  NARROW_TRY(int const entry, entry_graph(*source, request.signature));
  QuantizeOptions const options = fit_options(request);
  NARROW_TRY(Parts const parts, parts_of(source, entry, request, out));
  QuantizeRequest trial_request = quantize_request(request);
  trial_request.data = parts.calibration;
  NARROW_TRY(QualityChain const chain, best_with_8_bits(source, trial_request, options));
  out.steps = chain.text();

  TrialStart start{.model = source, .request = trial_request, .options = options, .entry = entry};
  int const threads = thread_count(request.threads);
  NARROW_TRY(auto const calibration, open_data(*source, parts.calibration, entry));
  if (chain.equalization > 0) NARROW_CHECK(know_channels(start, *calibration, calibration->size(), threads));
  FitStart fit{.start = start,
               .chain = chain,
               .calibrated = {},
               .calibration = parts.calibration,
               .yardstick = {},
               .max_drop = out.max_drop,
               .threads = threads};
  NARROW_TRY(fit.calibrated, calibrate_for(start, chain, parts.calibration, chain.range, threads));
  NARROW_TRY(fit.yardstick, make_yardstick(start, parts.measured, parts.every, threads));
  if (request.labels.given())
    out.float_top1 = static_cast<double>(fit.yardstick.right) / static_cast<double>(parts.measured.labels.size());

  NARROW_TRY(ChainTrial const base, quantize_plan(fit, {}, true));
  NARROW_TRY(FitTrial all8, measure_plan(fit, {}, base.quantized));
  if (!all8.no_project.empty()) {
    if (request.flash || request.ram)
      return fail(ErrorKind::unsupported, "flash and RAM are not known: " + all8.no_project, source->source,
                  "leave `flash` and `ram` out");
    out.warnings.push_back("flash and RAM are not known: " + all8.no_project);
  }
  out.int8_weight_bytes = all8.weight_bytes;
  out.macs = all8.macs;
  NARROW_TRY(std::vector<FitLayer> const layers, layers_alone(fit, base.quantized));
  FitSearch search(fit, layers, std::move(all8));
  NARROW_CHECK(search.search());
  NARROW_TRY(size_t const shown, shown_trial(search, request, out));
  if (out.missed.empty()) NARROW_CHECK(make(fit, search.plan(shown), search.trials()[shown].drop, request, out));
  put_layers(fit, layers, search.trials()[shown], out);
  put_trials(search, out, shown);
  NARROW_TRY(auto const odd, data_warnings(*source, entry, request.data));
  out.warnings.insert(out.warnings.end(), odd.begin(), odd.end());
  return out;
}

}  // namespace

Result<FitResult> fit(const ModelPtr& model, const FitRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&]() -> Result<FitResult> {
    NARROW_CHECK(check_given(model));
    return carry_out(model, request);
  });
}

}  // namespace narrow
