#include "api/ranges.h"

#include <algorithm>
#include <set>

#include "api/data.h"
#include "calibrate/calibrate.h"
#include "graph/entry.h"
#include "graph/fingerprint.h"
#include "ops/control/state.h"
#include "ops/def/operand_with.h"
#include "program/run_samples.h"
#include "quantize/ranges/range_method.h"
#include "search/subsample.h"
#include "tflite/options_digest.h"

namespace narrow {
namespace {

/// Whether any graph computes with floats; a model without them needs no ranges.
bool computes_floats(const Model& model) {
  for (const Graph& graph : model.graphs)
    for (const Tensor& t : graph.tensors)
      if (t.dtype == DType::float32 && !t.constant) return true;
  return false;
}

/// What the range methods of a recipe need statistics to hold.
struct Needs {
  bool histograms = false;
  bool per_sample = false;
  bool search = false;
};

Result<Needs> needs_of(const Recipe& recipe) {
  Needs needs;
  auto add = [&](const std::string& text) -> Status {
    NARROW_TRY(RangeChoice const choice, parse_range(text));
    needs.histograms |= choice.method->histograms;
    needs.per_sample |= choice.method->per_sample;
    needs.search |= choice.method->search;
    return {};
  };
  NARROW_CHECK(add(recipe.base.range));
  for (const Rule& rule : recipe.rules)
    if (rule.set.range) NARROW_CHECK(add(*rule.set.range));
  return needs;
}

/// The graph that the samples are of.
Result<int> entered_graph(const Model& model, const QuantizeRequest& request) {
  return entry_graph(model, request.signature);
}

Result<Statistics> run_calibration(const ModelPtr& model, const QuantizeRequest& request, const Needs& needs) {
  CalibrateOptions how;
  NARROW_TRY(how.entry, entered_graph(*model, request));
  NARROW_TRY(auto data, open_data(*model, request.data, how.entry, request.on_nan));
  how.attributes = options_digest(*model);
  NARROW_TRY(how.sequence, sequence_samples(request.data, keeps_state(*model, how.entry)));
  NARROW_TRY(how.samples, sample_count(request.data, *data));
  how.threads = thread_count(request.threads);
  how.histograms = needs.histograms;
  how.per_sample = needs.per_sample;
  how.skip_nonfinite = request.on_nan == OnNan::skip;
  how.progress = request.progress;
  return calibrate(model, *data, how);
}

/// Whether statistics are of this model and hold what is needed.
Status check_statistics(const Model& model, const Statistics& s, const Needs& needs) {
  if (s.kind.model != fingerprint(model, options_digest(model)))
    return fail(ErrorKind::bad_data, "the `statistics` are of another model", s.source, "calibrate this one");
  if ((needs.histograms && !s.kind.histograms) || (needs.per_sample && !s.kind.per_sample))
    return fail(ErrorKind::bad_data, "the `statistics` do not hold what this `range` needs", s.source,
                needs.per_sample ? "calibrate with `per_sample`" : "calibrate again, `histograms=true`");
  return {};
}

/// Whether both are of one graph and have a sample in common.
bool repeats(const Statistics& a, const Statistics& b) {
  return a.kind.data == b.kind.data && a.samples.first_common(b.samples) >= 0 && !a.tensors.empty() &&
         b.find(a.tensors.front().tensor);
}

/// Adds what is known from other samples, maybe of other graphs of the model.
void add(Statistics& all, Statistics part) {
  for (TensorStatistics& t : part.tensors) {
    auto const at = std::find_if(all.tensors.begin(), all.tensors.end(),
                                 [&](const TensorStatistics& known) { return known.tensor == t.tensor; });
    if (at == all.tensors.end())
      all.tensors.push_back(std::move(t));
    else
      at->merge(t);
  }
  std::sort(all.tensors.begin(), all.tensors.end(),
            [](const TensorStatistics& a, const TensorStatistics& b) { return a.tensor < b.tensor; });
}

Result<StatisticsPtr> statistics_of(const StatisticsSource& source) {
  if (source.path.empty() == !source.statistics)
    return refuse("statistics", "`statistics` are neither just in a file nor just in memory", "give one of them");
  return source.statistics ? Result<StatisticsPtr>(source.statistics) : load_statistics(source.path);
}

Status add_all_statistics(const Model& model, const std::vector<StatisticsSource>& sources, const Needs& needs,
                          KnownRanges& known) {
  std::vector<StatisticsPtr> parts;
  for (size_t k = 0; k < sources.size(); ++k) {
    NARROW_TRY(StatisticsPtr part, statistics_of(sources[k]));
    parts.push_back(std::move(part));
    NARROW_CHECK(check_statistics(model, *parts[k], needs));
    for (size_t i = 0; i < k; ++i)
      if (repeats(*parts[i], *parts[k]))
        return fail(ErrorKind::bad_data, "a sample is in " + parts[i]->source + " too", parts[k]->source,
                    "give each part once, of shards that do not overlap");
  }
  for (const StatisticsPtr& part : parts) {
    known.samples += part->samples.count();
    add(known.statistics, *part);
  }
  return {};
}

Status know_statistics(const ModelPtr& model, const QuantizeRequest& request, const Needs& needs, KnownRanges& known) {
  bool const data = request.data.given(), files = !request.statistics.empty();
  if (data && files && !needs.search)
    return refuse("data", "`data` and `statistics` do not go together", "give one of them; `range=search` takes both");
  if (!data && !files)
    return refuse(
        "data",
        std::string("`scheme=") + to_string(request.scheme.value_or(Scheme::int8)) + "` needs representative samples",
        "give `data` or `statistics`");
  if (needs.search && !data)
    return refuse("data", "`range=search` needs samples to try ranges with",
                  "give `data`, beside `statistics` or alone");
  if (files) return add_all_statistics(*model, request.statistics, needs, known);
  NARROW_TRY(known.statistics, run_calibration(model, request, needs));
  known.samples = known.statistics.samples.count();
  return {};
}

/// Whether a graph has run over samples, or computes no floats.
bool is_known(const Model& model, int g, const KnownRanges& known) {
  bool floats = false;
  const Graph& graph = model.graphs[static_cast<size_t>(g)];
  for (int t = 0; t < static_cast<int>(graph.tensors.size()); ++t) {
    if (graph.tensor(t).dtype != DType::float32 || graph.tensor(t).constant) continue;
    if (const TensorStatistics* seen = known.statistics.find(TensorRef{g, t}); seen && !seen->empty()) return true;
    floats = true;
  }
  return !floats;
}

/// Refuses what cannot have any effect.
Status check_use(const QuantizeRequest& request, bool ranges_matter, bool search) {
  auto no_use = [&](const std::string& field, const std::string& why) {
    return refuse(field, "`" + field + "` has nothing to set: " + why, "leave it out");
  };
  if (request.labels.given() && !search) return no_use("labels", "it is for `range=search`");
  bool const runs = ranges_matter && request.data.given();
  if (request.data.sequence && !runs) return no_use("sequence", "no samples are run");
  if (request.on_nan == OnNan::skip && !runs) return no_use("on_nan=skip", "no samples are run");
  if (request.on_nan == OnNan::skip && search)
    return refuse("on_nan", "`on_nan=skip` does not go with `range=search`, which needs the outputs of every sample",
                  "leave those samples out of the data");
  if (!request.signature.empty() && !ranges_matter) return no_use("signature", "no samples are needed");
  if (!request.signature.empty() && !request.data.given())
    return no_use("signature", "it says whose samples `data` holds; statistics know their graph");
  if (request.act_max.empty() || ranges_matter) return {};
  return no_use("act_max", "no activation becomes integer");
}

constexpr int64_t kMomentSamples = 200;

/// Float activations that layers multiply with constant weights.
std::set<TensorRef> layer_inputs(const Model& model) {
  std::set<TensorRef> out;
  for (int g = 0; g < static_cast<int>(model.graphs.size()); ++g) {
    const Graph& graph = model.graphs[static_cast<size_t>(g)];
    for (const Op& op : graph.ops) {
      int const data = operand_with(op, Role::activation), weights = operand_with(op, Role::weight);
      if (data == kNoTensor || weights == kNoTensor) continue;
      int const t = op.inputs[static_cast<size_t>(data)];
      if (graph.tensor(t).dtype == DType::float32 && graph.tensor(t).shape.rank() > 0) out.insert({g, t});
    }
  }
  return out;
}

/// In Qm.n weights get their formats by what they are multiplied with.
Status know_moments(const ModelPtr& model, const QuantizeRequest& request, const Recipe& recipe, KnownRanges& known) {
  bool const matter =
      recipe.base.power_of_two || std::any_of(recipe.rules.begin(), recipe.rules.end(),
                                              [](const Rule& r) { return r.set.power_of_two.value_or(false); });
  if (!matter || !request.data.given() || known.entered != 0) return {};
  NARROW_TRY(auto data, open_data(*model, request.data, 0, request.on_nan));
  NARROW_TRY(int64_t const of, sample_count(request.data, *data));
  NARROW_TRY(int64_t const given, sequence_samples(request.data, keeps_state(*model, 0)));
  int64_t const sequence = sequence_length(*model, 0, given, of);
  Subsample const some(*data, model->main(), std::min(of, kMomentSamples), of, sequence);
  NARROW_TRY(known.moments,
             channel_moments(model, some, layer_inputs(*model), thread_count(request.threads), sequence));
  return {};
}

/// Searches with the graph that the samples are of.
Status search(const ModelPtr& model, const QuantizeRequest& request, const QuantizeOptions& options,
              KnownRanges& known) {
  NARROW_TRY(auto const groups, range_groups(*model, known.range_of(*model), options, known.entered));
  NARROW_TRY(auto const data, open_data(*model, request.data, known.entered));
  RangeSearchOptions how;
  how.entry = known.entered;
  how.searched = [&](const RangeGroup& g) {
    auto const choice = parse_range(g.method);
    return choice && choice->method->search && !known.by_hand.contains(g.members.front());
  };
  NARROW_TRY(how.samples, sample_count(request.data, *data));
  NARROW_TRY(known.labels, open_labels(request.labels, *data, how.samples));
  how.labels = known.labels;
  how.threads = thread_count(request.threads);
  how.progress = request.progress;
  NARROW_TRY(known.search, search_ranges(model, *data, groups, how));
  for (const SearchedGroup& g : known.search->groups)
    for (TensorRef t : g.group.members)
      if (g.clips()) known.found[t] = g.group.limit(g.choice().limit);
  return {};
}

}  // namespace

bool searches_ranges(const Recipe& recipe) {
  auto const needs = needs_of(recipe);
  return needs && needs->search;
}

RangeOf KnownRanges::range_of(const Model& model) const {
  return [&, this](TensorRef t, const std::string& method, int bits) -> Result<Range> {
    NARROW_TRY(RangeChoice const choice, parse_range(method));
    const TensorStatistics* const seen = statistics.find(t);
    if (!seen || seen->empty())
      return fail(ErrorKind::bad_data, "calibration saw no values",
                  tensor_label(model.graphs[static_cast<size_t>(t.graph)], t.tensor));
    Range const own{std::min(seen->min, 0.0F), std::max(seen->max, 0.0F)};
    if (auto const limit = by_hand.find(t); limit != by_hand.end()) return limit->second.range(own);
    if (auto const limit = found.find(t); limit != found.end()) return limit->second.range(own);
    return choice.range(*seen, {.bits = bits, .symmetric = bits > 8});
  };
}

Result<KnownRanges> know_ranges(const ModelPtr& model, const QuantizeRequest& request, const QuantizeOptions& given) {
  NARROW_TRY(Needs const needs, needs_of(given.recipe));
  bool const matter = given.scheme->kind == SchemeKind::integer && computes_floats(*model);
  NARROW_CHECK(check_use(request, matter, needs.search));
  KnownRanges known;
  known.entries = entry_graphs(*model);
  if (!matter) return known;
  NARROW_CHECK(know_statistics(model, request, needs, known));
  std::erase_if(known.entries, [&](int g) { return !is_known(*model, g, known); });
  QuantizeOptions options = given;
  NARROW_TRY(known.entered, entered_graph(*model, request));
  NARROW_CHECK(know_moments(model, request, given.recipe, known));
  options.entries = known.entries;
  options.moments = &known.moments;
  if (!request.act_max.empty()) {
    NARROW_TRY(auto const groups, range_groups(*model, known.range_of(*model), options));
    NARROW_TRY(known.by_hand, place_by_hand(*model, groups, request.act_max));
  }
  if (needs.search) NARROW_CHECK(search(model, request, options, known));
  return known;
}

}  // namespace narrow
