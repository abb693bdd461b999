#include "narrow/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>

#include "base/file.h"
#include "base/printable.h"
#include "cli/accuracy_limits.h"
#include "cli/chart_svg.h"
#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/decibels.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/progress_bar.h"
#include "cli/report_arguments.h"
#include "cli/table.h"
#include "cli/talk.h"
#include "narrow/inspect.h"

namespace narrow {
namespace {

struct EvaluateArguments {
  std::vector<std::string> models;
  std::string reference;
  EvaluateRequest request;
  std::string chart;
  ReportArguments report;
  ReportRequest told;
  size_t chart_by = 0;  // index into kChartCosts
  AccuracyLimits limits;
  ModelArguments dimensions;
  bool json = false;
};

/// A model as the table names it.
struct Subject {
  std::string path;
  int64_t bytes = 0;
  int64_t macs = 0;
};

/// What a chart sets accuracy against.
struct ChartCost {
  const char* word;
  const char* title;
  double (*of)(const Subject&, const Evaluation&);
};

constexpr ChartCost kChartCosts[] = {
    {"bytes", "bytes", [](const Subject& s, const Evaluation&) { return static_cast<double>(s.bytes); }},
    {"macs", "multiply-accumulates a sample",
     [](const Subject& s, const Evaluation&) { return static_cast<double>(s.macs); }},
    {"speed", "samples a second, on this machine",
     [](const Subject&, const Evaluation& e) { return static_cast<double>(e.samples) / e.seconds; }},
};

void declare(Options& options, EvaluateArguments& a) {
  options.positionals("MODEL", &a.models, "a .tflite file, float or quantized");
  declare_data(options, a.request.data, true);
  options.text("--labels", "Y", &a.request.labels.path,
               "the right answers, for top-1 accuracy: a .npy or .csv, see docs/data.md");
  options.text("--reference", "MODEL", &a.reference, "a float model, for agreement and error");
  options.choice("--profile", &a.request.profile, "whose rounding to use");
  declare_signature(options, a.request.signature);
  options.flag("--per-op", &a.request.per_op,
               "the error of each op's result beside the reference, and of its worst channels");
  declare_accuracy_limits(options, a.limits);
  options.text("--chart", "F.svg", &a.chart, "draw accuracy (or SQNR without --labels) against cost here");
  options.one_of(
      "--chart-by", {kChartCosts[0].word, kChartCosts[1].word, kChartCosts[2].word}, [&a](size_t i) { a.chart_by = i; },
      "the cost in the chart", kChartCosts[0].word);
  declare_report(options, a.report);
  options.threads(&a.request.threads);
  declare_dimensions(options, a.dimensions);
  options.wide();
  options.flag("--json", &a.json, "one JSON object instead of a table");
}

void write_op_errors(JsonWriter& out, const std::vector<OpError>& ops) {
  out.begin_array();
  for (const OpError& op : ops) {
    out.begin_object()
        .member("name", op.name)
        .member("op", op.op)
        .member("mse", op.error.mse())
        .member("sqnr_db", op.error.sqnr_db())
        .key("worst_channels");
    if (op.worst)
      out.begin_object()
          .member("first", op.worst->first)
          .member("last", op.worst->last)
          .member("sqnr_db", op.worst->error.sqnr_db())
          .end_object();
    else
      out.value(nullptr);
    out.end_object();
  }
  out.end_array();
}

void write_evaluation(JsonWriter& out, const Subject& subject, const Evaluation& e, bool per_op) {
  auto const of_error = [&](double (ErrorSums::*figure)() const) {
    return e.error ? std::optional((*e.error.*figure)()) : std::nullopt;
  };
  out.begin_object()
      .member("model", subject.path)
      .member("bytes", subject.bytes)
      .member("samples", e.samples)
      .member("top1", e.top1)
      .member("top5", e.top5)
      .member("agreement", e.agreement)
      .member("reference_top1", e.reference_top1)
      .member("mse", of_error(&ErrorSums::mse))
      .member("sqnr_db", of_error(&ErrorSums::sqnr_db))
      .member("median_sqnr_db", e.median_db)
      .member("seconds", e.seconds)
      .member("samples_per_second", static_cast<double>(e.samples) / e.seconds);
  if (!e.confusion.empty()) out.member("confusion", e.confusion);
  if (per_op) write_op_errors(out.key("ops"), e.ops);
  out.end_object();
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f} %", *share * 100) : "-";
}

/// "-0.3 at 4-7": the lowest SQNR of channels, and which they are.
std::string worst_channels(const OpError& op) {
  if (!op.worst) return "-";
  std::string const which = op.worst->first == op.worst->last ? std::to_string(op.worst->first)
                                                              : fmt::format("{}-{}", op.worst->first, op.worst->last);
  return fmt::format("{:.1f} at {}", op.worst->error.sqnr_db(), which);
}

std::string evaluations_text(const std::vector<Subject>& subjects, const std::vector<Evaluation>& results,
                             bool per_op) {
  Table table({"~model", ">bytes", ">samples", ">top-1", ">agreement", ">MSE", ">SQNR dB", ">median", ">samples/s"});
  for (size_t i = 0; i < results.size(); ++i) {
    const Evaluation& e = results[i];
    table.row({subjects[i].path, grouped(subjects[i].bytes), std::to_string(e.samples), percent(e.top1),
               percent(e.agreement), e.error ? fmt::format("{:.3g}", e.error->mse()) : "-",
               e.error ? decibels(*e.error) : "-", e.median_db ? decibels(*e.median_db) : "-",
               grouped(std::llround(static_cast<double>(e.samples) / e.seconds))});
  }
  std::string out = table.text();
  for (size_t i = 0; per_op && i < results.size(); ++i) {
    Table ops({"op", ">MSE", ">SQNR dB", ">worst channels", "~name"});
    for (const OpError& op : results[i].ops)
      ops.row({op.op, fmt::format("{:.3g}", op.error.mse()), decibels(op.error), worst_channels(op), op.name});
    out += fmt::format("\n{}\n{}", subjects[i].path, ops.text());
  }
  return out;
}

/// The models as points; those whose accuracy or error is not known, or that have no error, are left out.
std::string chart(const std::vector<Subject>& subjects, const std::vector<Evaluation>& results, const ChartCost& cost) {
  bool const labelled = std::ranges::any_of(results, [](const Evaluation& e) { return e.top1.has_value(); });
  std::vector<ChartPoint> points;
  for (size_t i = 0; i < results.size(); ++i) {
    const Evaluation& e = results[i];
    double const y = labelled ? e.top1.value_or(NAN) : e.error ? e.error->sqnr_db() : NAN;
    if (std::isfinite(y))
      points.push_back({std::filesystem::path(subjects[i].path).stem().string(), cost.of(subjects[i], e), y});
  }
  if (points.empty()) return {};
  return chart_svg(points, {cost.title}, labelled ? ChartAxis{"top-1 accuracy, %", 100} : ChartAxis{"SQNR, dB"});
}

/// The first model that computes with integers, or the first, in detail; all of them in the charts.
Result<Report> told_of(const EvaluateArguments& a, const std::vector<ModelPtr>& models,
                       const std::vector<Subject>& subjects, const std::vector<Evaluation>& results) {
  ReportRequest request = a.told;
  std::optional<size_t> detail;
  for (size_t i = 0; i < models.size(); ++i) {
    std::string const name = std::filesystem::path(subjects[i].path).filename().string();
    bool const once = std::ranges::count_if(subjects, [&](const Subject& s) {
                        return std::filesystem::path(s.path).filename().string() == name;
                      }) == 1;
    ReportedModel model{.name = once ? name : subjects[i].path, .model = models[i], .bytes = subjects[i].bytes};
    model.evaluation = results[i];
    request.models.push_back(std::move(model));
    NARROW_TRY(ModelInfo const info, inspect(*models[i]));
    bool const integers = std::ranges::any_of(info.graphs.front().tensors,
                                              [](const TensorInfo& t) { return !t.constant && !t.scales.empty(); });
    if (integers && !detail) detail = i;
  }
  request.detail = detail.value_or(0);
  request.reference = a.request.reference;
  request.given = a.request.reference;
  request.data = a.request.data;
  request.signature = a.request.signature;
  request.profile = a.request.profile;
  request.threads = a.request.threads;
  return make_report(request);
}

/// Before the models run: what a chart needs.
Status check_chart(const EvaluateArguments& a) {
  if (a.chart.empty()) return {};
  if (!a.chart.ends_with(".svg"))
    return fail(ErrorKind::bad_option, fmt::format("--chart does not write '{}'", a.chart), "command line",
                "give a name that ends in .svg");
  if (!a.request.labels.given() && a.reference.empty())
    return fail(ErrorKind::bad_option, "--chart has nothing to draw", "command line",
                "give --labels for accuracy, or --reference for the error");
  return {};
}

JsonWriter results_json(const EvaluateArguments& a, const std::vector<Subject>& subjects,
                        const std::vector<Evaluation>& results, const std::vector<std::string>& failed,
                        const std::vector<std::string>& warnings) {
  JsonWriter out;
  out.begin_object().member("profile", to_string(a.request.profile)).key("models").begin_array();
  for (size_t i = 0; i < subjects.size(); ++i) write_evaluation(out, subjects[i], results[i], a.request.per_op);
  out.end_array()
      .member("failed", failed)
      .member("warnings", warnings_in_options(warnings))
      .member("peak_rss_bytes", peak_resident_bytes())
      .end_object();
  return out;
}

Result<int> evaluate_command(Options& options) {
  EvaluateArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_CHECK(check_chart(a));
  NARROW_CHECK(check_accuracy_limits(a.limits, a.request.labels.given(), !a.reference.empty()));
  a.told.labels = a.request.labels;
  NARROW_CHECK(complete(a.report, a.told));
  if (a.limits.max_drop)
    a.told.max_drop = MostDrop{*a.limits.max_drop, MostDrop::Unit::points};
  else if (a.limits.min_sqnr)
    a.told.max_drop = MostDrop{*a.limits.min_sqnr, MostDrop::Unit::decibels};
  if (!a.report.node_data.empty() && a.reference.empty())
    return fail(ErrorKind::bad_option, "--node-data needs --reference", "command line",
                "give the float model that the errors are beside");

  std::vector<ModelPtr> models;
  std::vector<Subject> subjects;
  for (const std::string& path : a.models) {
    NARROW_TRY(ModelPtr model, load_model(path, a.dimensions));
    NARROW_TRY(ModelSummary const info, summarize(*model));
    models.push_back(std::move(model));
    subjects.push_back({path, info.bytes, info.macs});
  }
  if (!a.reference.empty()) {
    NARROW_TRY(a.request.reference, load_model(a.reference, a.dimensions));
  }
  Progress progress;
  a.request.progress = &progress;
  Result<std::vector<Evaluation>> results = [&] {
    ProgressBar const bar("evaluating", progress);
    return evaluate(models, a.request);
  }();
  if (!results) return pass(std::move(results));

  if (!a.chart.empty()) {
    std::string const image = chart(subjects, *results, kChartCosts[a.chart_by]);
    if (image.empty())
      return fail(ErrorKind::bad_data, "--chart has nothing to draw: no model has an error", "command line",
                  "give --labels, or other models");
    NARROW_CHECK(write_file_atomically(a.chart, std::as_bytes(std::span(image))));
  }
  std::vector<std::string> warnings;
  for (size_t i = 0; i < subjects.size(); ++i)
    for (const std::string& warning : (*results)[i].warnings)
      warnings.push_back(fmt::format("{}: {}", subjects[i].path, warning));
  std::vector<std::string> failed;
  for (size_t i = 0; i < subjects.size(); ++i)
    for (const std::string& what : missed(a.limits, (*results)[i]))
      failed.push_back(fmt::format("{} ({})", what, subjects[i].path));
  print_warnings(warnings);
  JsonWriter const out = results_json(a, subjects, *results, failed, warnings);
  if (a.report.asked()) {
    NARROW_TRY(Report told, told_of(a, models, subjects, *results));
    told.warnings.insert(told.warnings.end(), warnings.begin(), warnings.end());
    NARROW_CHECK(write_report(a.report, std::move(told), out));
  }
  if (a.json)
    print_json(out);
  else
    fmt::print("{}", evaluations_text(subjects, *results, a.request.per_op));
  for (const std::string& line : failed) fmt::print(stderr, "narrow: error: {}\n", printable(line));
  return failed.empty() ? kDone : kCheckFailed;
}

}  // namespace

constexpr Command kEvaluateCommand{
    .name = "evaluate",
    .summary = "Measures accuracy and error of models, a row for each",
    .examples = {"narrow evaluate model.tflite model_int8.tflite --data test.npy --labels labels.npy",
                 "narrow evaluate model_int8.tflite --data test.npy --reference model.tflite --per-op"},
    .run = evaluate_command,
};

}  // namespace narrow
