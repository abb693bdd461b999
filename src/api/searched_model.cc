#include "api/searched_model.h"

#include <algorithm>

#include "api/data.h"
#include "program/evaluate.h"
#include "search/subsample.h"

namespace narrow {
namespace {

RangeTrial trial_report(const RangeSearch& search, double limit, const Score& score) {
  auto const samples = static_cast<double>(search.samples);
  RangeTrial out;
  out.range = limit;
  out.agreement = static_cast<double>(score.agreed) / samples;
  out.error = score.noise / (samples * static_cast<double>(std::max<int64_t>(search.outputs, 1)));
  if (search.labelled) out.accuracy = static_cast<double>(score.right) / samples;
  return out;
}

SearchReport report_of(const Graph& graph, const RangeSearch& search) {
  std::vector<int> const makers = producers(graph);
  SearchReport out;
  for (const SearchedGroup& g : search.groups) {
    int const first = g.group.tensors.front(), maker = makers[static_cast<size_t>(first)];
    SearchedRange range;
    range.tensor = graph.tensor(first).name;
    if (maker >= 0) range.op = graph.ops[static_cast<size_t>(maker)].type;
    for (size_t i = 1; i < g.group.tensors.size(); ++i) range.together.push_back(graph.tensor(g.group.tensors[i]).name);
    for (const Trial& t : g.trials) range.candidates.push_back(trial_report(search, t.limit, t.score));
    range.found = range.chosen = g.choice().limit;
    out.ranges.push_back(std::move(range));
  }
  out.samples = search.samples;
  out.accuracy = trial_report(search, 0, search.plain).accuracy;
  return out;
}

RangeTrial trial_of(const Evaluation& e) {
  return {0, e.top1, e.agreement.value_or(1), e.error ? e.error->mse() : 0};
}

SampleScores scores_of(const Evaluation& e) {
  SampleScores out;
  for (const SampleOutcome& sample : e.each) out.push_back({sample.right, sample.agreed, sample.error.noise});
  return out;
}

/// The graph of a model that was searched, with the samples of a search as its inputs want them.
struct Subject {
  std::shared_ptr<const Samples> all;
  std::shared_ptr<const Subsample> some;
  Candidate candidate;
};

Result<Subject> subject(const Model& model, const QuantizeRequest& request, const KnownRanges& ranges) {
  Subject s;
  s.candidate.model = std::make_shared<const Model>(model);
  s.candidate.entry = ranges.entered;
  NARROW_TRY(s.all, open_data(model, request.data, ranges.entered));
  NARROW_TRY(int64_t const of, sample_count(request.data, *s.all));
  s.some = std::make_shared<const Subsample>(*s.all, s.candidate.graph(), search_samples(of), of);
  s.candidate.data = s.some;
  return s;
}

}  // namespace

Result<SearchedModel> quantize_searched(const std::shared_ptr<const Model>& model, const QuantizeRequest& request,
                                        const QuantizeOptions& options, const KnownRanges& ranges) {
  KnownRanges wide = ranges;
  wide.found.clear();
  SearchedModel out{{}, report_of(model->graphs[static_cast<size_t>(ranges.entered)], *ranges.search)};
  NARROW_TRY(out.quantized, quantize(*model, ranges.range_of(*model), options));
  NARROW_TRY(QuantizedModel widest, quantize(*model, wide.range_of(*model), options));

  NARROW_TRY(Subject const reference, subject(*model, request, ranges));
  NARROW_TRY(Subject const a, subject(out.quantized.model, request, ranges));
  NARROW_TRY(Subject const b, subject(widest.model, request, ranges));
  EvaluateOptions how;
  how.reference = reference.candidate;
  how.samples = reference.some->size();
  for (int64_t k = 0; !ranges.labels.empty() && k < how.samples; ++k)
    how.labels.push_back(ranges.labels[static_cast<size_t>(reference.some->source(k))]);
  how.threads = thread_count(request.threads);
  Candidate const both[] = {b.candidate, a.candidate};
  NARROW_TRY(auto const ran, evaluate(both, how));
  out.report.widest = trial_of(ran[0]);
  out.report.found = trial_of(ran[1]);
  out.report.worse_in = worse_in(scores_of(ran[1]), scores_of(ran[0]));
  out.report.kept_widest = !request.range->always && !out.report.worse_in.empty();
  if (!out.report.kept_widest) return out;
  out.quantized = std::move(widest);
  for (SearchedRange& r : out.report.ranges) r.chosen = r.candidates.front().range;
  return out;
}

}  // namespace narrow
