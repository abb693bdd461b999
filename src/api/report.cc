// make_report of the public interface.
#include "narrow/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include "api/given.h"
#include "api/report_advice.h"
#include "api/report_candidates.h"
#include "api/report_measure.h"
#include "api/report_project.h"
#include "api/report_weights.h"
#include "base/guarded.h"
#include "graph/entry.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

const ReportedModel& detailed(const ReportRequest& request) {
  return request.models[request.detail];
}

/// What the quantizer said of each op, by type and name.
using Outcomes = std::map<std::pair<std::string, std::string>, const OpReport*>;

Outcomes outcomes_of(const ReportedModel& model) {
  Outcomes out;
  if (model.made)
    for (const OpReport& op : model.made->ops) out.emplace(std::pair(op.op, op.name), &op);
  return out;
}

int64_t constant_bytes(const Graph& graph, const Op& op) {
  int64_t bytes = 0;
  for (int const t : op.inputs)
    if (t != kNoTensor && is_parameter(graph.tensor(t))) bytes += static_cast<int64_t>(graph.tensor(t).data.size());
  return bytes;
}

ReportOp op_row(const Graph& graph, int number, size_t index, const Outcomes& outcomes, bool made) {
  const Op& op = graph.ops[index];
  ReportOp row;
  row.graph = number;
  row.index = static_cast<int>(index);
  row.name = op_name(graph, op);
  row.op = op.type;
  row.macs = macs_of(graph, op);
  row.constant_bytes = constant_bytes(graph, op);
  bool is_float = false;
  if (!op.outputs.empty() && op.outputs[0] != kNoTensor) {
    const Tensor& y = graph.tensor(op.outputs[0]);
    is_float = y.is_float();
    row.dtype = to_string(y.dtype);
    row.shape.assign(y.shape.dims().begin(), y.shape.dims().end());
    row.activation_bits = bits_of(y);
    if (y.quantization.present() && !y.quantization.per_axis()) {
      row.scale = static_cast<double>(y.quantization.scale());
      row.zero_point = y.quantization.zero_point();
    }
  }
  auto known = outcomes.find({op.type, row.name});
  // Beside a conversion at its result, an op's result has its name and a word more: "logits/inner".
  if (known == outcomes.end()) known = outcomes.find({op.type, row.name.substr(0, row.name.rfind('/'))});
  if (known != outcomes.end()) {
    row.outcome = known->second->quantized ? "integer" : "float";
    row.reason = known->second->reason;
    row.form = known->second->form;
  } else {
    row.outcome = made ? "added" : is_float ? "float" : "integer";
  }
  return row;
}

void fill_ops(const ReportRequest& request, Report& out) {
  const ReportedModel& model = detailed(request);
  Outcomes const outcomes = outcomes_of(model);
  for (size_t g = 0; g < model.model->graphs.size(); ++g) {
    const Graph& graph = model.model->graphs[g];
    out.graphs.push_back(!graph.name.empty() ? graph.name : g == 0 ? "main" : fmt::format("subgraph_{}", g));
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      out.ops.push_back(op_row(graph, static_cast<int>(g), i, outcomes, !outcomes.empty()));
      const Op& op = graph.ops[i];
      out.macs += out.ops.back().macs;
      if (!op.outputs.empty() && op.outputs[0] != kNoTensor && graph.tensor(op.outputs[0]).is_float())
        out.float_macs += out.ops.back().macs;
    }
    for (const Tensor& t : graph.tensors) {
      if (!is_parameter(t)) continue;
      out.weight_bytes += static_cast<int64_t>(t.data.size());
      if (t.is_float()) out.float_weight_bytes += static_cast<int64_t>(t.data.size());
    }
  }
}

/// Errors by op of graph `entry`, by the names of tensors: models that are measured may have other indices.
void fill_errors(int entry, const ReportMeasures& measured, Report& out) {
  std::map<std::string, const LayerError*> layers;
  for (const LayerError& e : measured.layers)
    layers.emplace(measured.model->graphs[static_cast<size_t>(measured.entry)].tensor(e.twin.tensor).name, &e);
  std::map<std::string, const OpError*> named;
  for (const OpError& e : measured.named) named.emplace(e.name, &e);
  size_t missing = 0;
  for (ReportOp& row : out.ops) {
    if (row.graph != entry) continue;
    if (auto const at = layers.find(row.name); at != layers.end()) {
      row.accumulated = at->second->accumulated;
      row.isolated = at->second->isolated;
    } else if (auto const same = named.find(row.name); same != named.end()) {
      row.accumulated = same->second->error;
    } else {
      ++missing;
    }
  }
  if (missing > 0)
    out.notes.push_back(
        fmt::format("{} of {} ops have no result of that name and size in the float model, and are not "
                    "compared with it",
                    missing, out.ops.size()));
}

/// Errors of weights that lost channels are those of the weights with all of them.
void fill_weight_errors(const std::vector<ReportWeights>& all_channels, Report& out) {
  for (ReportWeights& w : out.weights)
    for (const ReportWeights& other : all_channels)
      if (other.name == w.name && !w.error) w.error = other.error;
}

void fill_weight_bits(const std::vector<ReportWeights>& weights, Report& out) {
  for (ReportOp& row : out.ops)
    for (const ReportWeights& w : weights)
      if (w.op == row.name && row.weight_bits == 0) row.weight_bits = w.bits;
}

void fill_folded(const ReportRequest& request, Report& out) {
  if (!request.given || !request.reference) return;
  std::map<std::string, int64_t> ops;
  for (const Graph& g : request.given->graphs)
    for (const Op& op : g.ops) ++ops[op.type];
  for (const Graph& g : request.reference->graphs)
    for (const Op& op : g.ops) --ops[op.type];
  for (auto const& [type, count] : ops)
    if (count > 0) out.folded.emplace_back(type, count);
}

/// Flash, RAM and accuracy beside the budgets.
void judge(const ReportRequest& request, const ReportCandidates& candidates, Report& out) {
  double const unknown = std::numeric_limits<double>::quiet_NaN();
  const auto& project = candidates.project.project;
  auto bytes = [&](const char* what, std::optional<int64_t> limit, int64_t value) {
    if (!limit) return;
    double const got = project ? static_cast<double>(value) : unknown;
    out.verdict.push_back({what, "bytes", got, static_cast<double>(*limit), project && value <= *limit});
  };
  bytes("flash", request.flash, project ? project->flash : 0);
  bytes("ram", request.ram, project ? project->arena + project->state + project->stack : 0);
  if (!request.max_drop) return;
  const ReportCandidate* chosen = nullptr;
  const ReportCandidate* reference = nullptr;
  size_t model = 0;
  for (const ReportCandidate& c : candidates.points) {
    if (c.kind == ReportCandidate::Kind::reference) reference = &c;
    if (c.kind == ReportCandidate::Kind::model && model++ == request.detail) chosen = &c;
  }
  double const limit = request.max_drop->value;
  if (request.max_drop->unit == MostDrop::Unit::decibels) {
    double const db = chosen->sqnr_db.value_or(unknown);
    out.verdict.push_back({"sqnr", "dB", db, limit, db >= limit});
    return;
  }
  bool const known = reference && reference->top1 && chosen->top1;
  double const drop = known ? 100 * (*reference->top1 - *chosen->top1) : unknown;
  out.verdict.push_back({"drop", "points", drop, limit, drop <= limit + 1e-9});
}

/// What a budget for accuracy is judged by has to be there.
Status check_max_drop(const ReportRequest& request) {
  if (!request.max_drop) return {};
  if (!std::isfinite(request.max_drop->value))
    return refuse("max_drop", "`max_drop` does not take this number", "give points, as 1%, or decibels, as 30dB");
  const std::optional<Evaluation>& known = request.models[request.detail].evaluation;
  if (!request.data.given() && !known)
    return refuse("max_drop", "`max_drop` is judged on samples, and none are run",
                  "give `data`, without `on_nan=skip`");
  bool const top1 = request.labels.given() || (known && known->top1);
  if (request.max_drop->unit == MostDrop::Unit::points && !top1)
    return refuse("max_drop", "`max_drop` in points is of top-1 accuracy, which needs `labels`",
                  "give `labels`, or decibels, as 30dB");
  return {};
}

Status check_request(const ReportRequest& request) {
  if (request.models.empty()) return refuse("models", "there are no `models` to report");
  if (request.detail >= request.models.size())
    return refuse("detail", fmt::format("`detail` names model {} of {}", request.detail, request.models.size()));
  for (const ReportedModel& m : request.models) NARROW_CHECK(check_given(m.model, "models"));
  if (request.samples < 1) return refuse("samples", "`samples` is not at least 1");
  return check_max_drop(request);
}

Result<Report> carry_out(const ReportRequest& request) {
  NARROW_CHECK(check_request(request));
  const ReportedModel& model = detailed(request);
  Report out;
  out.title = model.name;
  if (request.given) out.source = request.given->source;
  if (model.made) {
    out.scheme = to_string(model.made->scheme);
    out.calibrated = model.made->samples;
    out.search = model.made->search;
    out.quality = model.made->quality;
    out.scaled = model.made->scaled;
    out.notes = model.made->notes;
    out.warnings = model.made->warnings;
  }
  if (request.given) {
    NARROW_TRY(auto forms, stored_forms(*request.given));
    out.notes.insert(out.notes.begin(), forms.begin(), forms.end());
    out.bytes_before = request.given->file_bytes;
  }
  fill_ops(request, out);
  NARROW_TRY(int const entry, entry_graph(*model.model, request.signature));
  const Graph& graph = model.model->graphs[static_cast<size_t>(entry)];
  out.entry = entry;
  const Graph* reference = nullptr;
  if (request.reference) {
    NARROW_TRY(int const at, entry_graph(*request.reference, request.signature));
    reference = &request.reference->graphs[static_cast<size_t>(at)];
  }
  out.weights = report_weights(graph, reference);
  if (model.made && model.made->with_all_channels)
    fill_weight_errors(report_weights(model.made->with_all_channels->graphs[static_cast<size_t>(entry)], reference),
                       out);
  fill_weight_bits(out.weights, out);
  std::optional<ReportData> data;
  if (request.reference && request.data.given()) {
    NARROW_TRY(data, report_data(request));
    out.measured = data->samples;
    out.given = data->given;
    NARROW_TRY(ReportMeasures measured, measure_layers(request, *data));
    fill_errors(entry, measured, out);
    out.tensors = std::move(measured.tensors);
    out.no_isolated = std::move(measured.no_isolated);
    if (!measured.scaled.empty())
      out.notes.push_back(
          fmt::format("channels of {} tensors are scaled beside the float model, as `quality=best` "
                      "does: errors are beside values that are scaled alike",
                      measured.scaled.size()));
  }
  NARROW_TRY(ReportCandidates candidates, report_candidates(request, data ? &*data : nullptr));
  judge(request, candidates, out);
  out.notes.insert(out.notes.end(), candidates.notes.begin(), candidates.notes.end());
  out.project = std::move(candidates.project.project);
  out.no_project = std::move(candidates.project.reason);
  fill_folded(request, out);
  out.advice = std::move(candidates.project.over_budget);
  std::vector<std::string> const more = report_advice(out);
  out.advice.insert(out.advice.end(), more.begin(), more.end());
  out.candidates = std::move(candidates.points);
  size_t model_number = 0;
  for (const ReportCandidate& c : out.candidates)
    if (c.kind == ReportCandidate::Kind::model && model_number++ == request.detail) out.bytes = c.bytes;
  return out;
}

}  // namespace

void change_texts(Report& report, const std::function<std::string(const std::string&)>& change) {
  for (ReportOp& op : report.ops) op.reason = change(op.reason);
  for (ReportCandidate& c : report.candidates) c.no_project = change(c.no_project);
  report.no_project = change(report.no_project);
  for (auto* const texts : {&report.notes, &report.warnings, &report.advice})
    for (std::string& text : *texts) text = change(text);
}

Result<Report> make_report(const ReportRequest& request) {
  return guarded([&] { return carry_out(request); });
}

}  // namespace narrow
