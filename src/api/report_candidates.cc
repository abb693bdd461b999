#include "api/report_candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "graph/entry.h"
#include "narrow/inspect.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

/// Schemes that are quick to carry out, to set a model beside.
constexpr Scheme kTried[] = {Scheme::int8, Scheme::int16x8, Scheme::float16};

Result<int64_t> file_bytes(const ReportedModel& model) {
  if (model.bytes) return *model.bytes;
  NARROW_TRY(auto const bytes, to_bytes(*model.model));
  return static_cast<int64_t>(bytes.size());
}

void fill(const Evaluation& e, ReportCandidate& out) {
  out.samples = e.samples;
  out.top1 = e.top1;
  out.agreement = e.agreement;
  if (e.error) out.sqnr_db = e.error->noise > 0 ? e.error->sqnr_db() : std::numeric_limits<double>::infinity();
}

void fill(const ProjectOrReason& made, ReportCandidate& out) {
  out.no_project = made.reason;
  if (!made.project) return;
  out.flash = made.project->flash;
  out.ram = made.project->arena + made.project->state + made.project->stack;
  out.cycles = made.project->cycles;
}

/// What the quickest way makes of the reference by a scheme, from statistics of the samples of the report alone, which
/// are taken once for all schemes.
Result<ReportedModel> quick_trial(const ReportRequest& request, const ReportData& data, Scheme scheme,
                                  StatisticsPtr& seen) {
  QuantizeRequest how;
  how.scheme = scheme;
  how.quality = Quality::fast;
  how.allow_float = true;
  how.signature = request.signature;
  how.threads = request.threads;
  if (scheme != Scheme::float16) {
    CalibrateRequest calibration;
    calibration.data = data.source;
    calibration.signature = request.signature;
    calibration.histograms = false;
    calibration.threads = request.threads;
    if (!seen) {
      NARROW_TRY(seen, calibrate(data.reference, calibration));
    }
    how.statistics = {{.statistics = seen}};
  }
  NARROW_TRY(QuantizeResult made, quantize(data.reference, how));
  return ReportedModel{fmt::format("{}, quick", to_string(scheme)), std::move(made.model)};
}

/// The better figure to judge a model by, of those that are known of all.
std::optional<double> merit(const ReportCandidate& c, bool labelled) {
  return labelled ? c.top1 : c.sqnr_db;
}

void mark_front(std::vector<ReportCandidate>& points) {
  bool const labelled = std::ranges::any_of(points, [](const ReportCandidate& c) { return c.top1.has_value(); });
  for (ReportCandidate& a : points) {
    auto const mine = merit(a, labelled);
    a.on_front = mine && std::ranges::none_of(points, [&](const ReportCandidate& b) {
                   auto const other = merit(b, labelled);
                   bool const no_worse = other && *other >= *mine && b.bytes <= a.bytes;
                   return no_worse && (*other > *mine || b.bytes < a.bytes);
                 });
  }
}

}  // namespace

Result<ReportCandidates> report_candidates(const ReportRequest& request, const ReportData* data) {
  ReportCandidates out;
  std::vector<ReportedModel> all;
  std::vector<ReportCandidate::Kind> kinds;
  bool const measured = std::ranges::any_of(request.models, [](const ReportedModel& m) { return !!m.evaluation; });
  if (request.reference && !measured) {
    std::optional<int64_t> bytes;
    if (request.given && summarize(*request.given)->bytes > 0) bytes = summarize(*request.given)->bytes;
    all.push_back({"float", data ? data->reference : request.reference, {}, {}, bytes});
    kinds.push_back(ReportCandidate::Kind::reference);
  }
  for (const ReportedModel& m : request.models) {
    all.push_back(m);
    kinds.push_back(ReportCandidate::Kind::model);
  }
  const ReportedModel& detail = request.models[request.detail];
  StatisticsPtr seen;
  for (Scheme const scheme : kTried) {
    if (!request.try_schemes || !data) break;
    bool const same = detail.made && detail.made->scheme == scheme && !detail.made->quality;
    if (same) continue;
    auto trial = quick_trial(request, *data, scheme, seen);
    if (!trial) {
      out.notes.push_back(fmt::format("`scheme={}` was not tried: {}", to_string(scheme), trial.error().what));
      continue;
    }
    all.push_back(std::move(*trial));
    kinds.push_back(ReportCandidate::Kind::trial);
  }
  std::vector<ModelPtr> to_run;
  for (const ReportedModel& m : all)
    if (!m.evaluation) to_run.push_back(m.model);
  std::vector<Evaluation> results;
  if (data && !to_run.empty()) {
    EvaluateRequest how;
    how.data = data->outputs;
    how.labels.values = data->labels;
    how.reference = data->reference;
    how.signature = request.signature;
    how.profile = request.profile;
    how.threads = request.threads;
    NARROW_TRY(results, evaluate(to_run, how));
  }
  size_t next = 0, model = 0;
  for (size_t k = 0; k < all.size(); ++k) {
    ReportCandidate point;
    point.name = all[k].name;
    point.kind = kinds[k];
    NARROW_TRY(point.bytes, file_bytes(all[k]));
    point.macs = totals(*all[k].model).macs;
    if (all[k].evaluation)
      fill(*all[k].evaluation, point);
    else if (next < results.size())
      fill(results[next++], point);
    bool const chosen = kinds[k] == ReportCandidate::Kind::model && model++ == request.detail;
    if (kinds[k] != ReportCandidate::Kind::reference) {
      bool const known = chosen && request.compiled.has_value();
      NARROW_TRY(int const entry, entry_graph(*all[k].model, request.signature));
      ProjectOrReason made =
          known ? report_project(*request.compiled, request, entry) : report_project(all[k].model, request);
      fill(made, point);
      if (chosen) out.project = std::move(made);
    }
    out.points.push_back(std::move(point));
  }
  mark_front(out.points);
  return out;
}

}  // namespace narrow
