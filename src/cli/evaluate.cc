#include "program/evaluate.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/profile_argument.h"
#include "cli/progress_bar.h"
#include "cli/signature_argument.h"
#include "cli/table.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::vector<std::string> models;
  std::string labels, reference;
  DataArguments data;
  ProfileArgument profile;
  SignatureArgument signature;
  int threads = 1;
  bool per_op = false, json = false;
};

void declare(Options& options, Arguments& a) {
  options.positionals("MODEL", &a.models, "a .tflite file, float or quantized");
  a.data.declare(options, true);
  options.text("--labels", "Y.npy", &a.labels, "the right answers, for top-1 accuracy");
  options.text("--reference", "MODEL", &a.reference, "a float model, for agreement and error");
  a.profile.declare(options);
  a.signature.declare(options);
  options.flag("--per-op", &a.per_op, "the error of each op's result beside the reference");
  options.threads(&a.threads);
  options.flag("--json", &a.json, "one JSON object instead of a table");
}

Result<Candidate> read_candidate(const std::string& path, const Arguments& a) {
  NARROW_TRY(Model const model, a.signature.read(path));
  NARROW_TRY(Model folded, fold_constants(model));
  Candidate out{std::make_shared<const Model>(std::move(folded)), nullptr};
  auto samples = a.data.open(*out.model);
  if (!samples) return pass(std::move(samples), "for " + path);
  out.data = std::move(*samples);
  return out;
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json error_json(const ErrorSums& error) {
  return {{"mse", error.mse()}, {"sqnr_db", error.sqnr_db()}};
}

Json evaluation_json(const std::string& path, const Candidate& candidate, const Evaluation& e, bool per_op) {
  Json out{{"model", path},
           {"bytes", candidate.model->file_bytes},
           {"samples", e.samples},
           {"top1", or_null(e.top1)},
           {"agreement", or_null(e.agreement)},
           {"mse", e.error ? Json(e.error->mse()) : Json(nullptr)},
           {"sqnr_db", e.error ? Json(e.error->sqnr_db()) : Json(nullptr)},
           {"median_sqnr_db", e.median_db && std::isfinite(*e.median_db) ? Json(*e.median_db) : Json(nullptr)},
           {"seconds", e.seconds},
           {"samples_per_second", static_cast<double>(e.samples) / e.seconds}};
  if (!per_op) return out;
  out["ops"] = Json::array();
  for (const OpError& op : e.ops) {
    Json row{{"name", op.name}, {"op", op.op}};
    row.update(error_json(op.error));
    out["ops"].push_back(std::move(row));
  }
  return out;
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f} %", *share * 100) : "-";
}

std::string decibels(const ErrorSums& error) {
  return error.noise > 0 ? fmt::format("{:.1f}", error.sqnr_db()) : "exact";
}

std::string median(const Evaluation& e) {
  if (!e.median_db) return "-";
  return std::isfinite(*e.median_db) ? fmt::format("{:.1f}", *e.median_db) : "exact";
}

std::string evaluations_text(const Arguments& a, const std::vector<Candidate>& candidates,
                             const std::vector<Evaluation>& results) {
  Table table({"model", ">bytes", ">samples", ">top-1", ">agreement", ">MSE", ">SQNR dB", ">median", ">samples/s"});
  for (size_t i = 0; i < results.size(); ++i) {
    const Evaluation& e = results[i];
    table.row({a.models[i], grouped(candidates[i].model->file_bytes), std::to_string(e.samples), percent(e.top1),
               percent(e.agreement), e.error ? fmt::format("{:.3g}", e.error->mse()) : "-",
               e.error ? decibels(*e.error) : "-", median(e),
               grouped(std::llround(static_cast<double>(e.samples) / e.seconds))});
  }
  std::string out = table.text();
  for (size_t i = 0; a.per_op && i < results.size(); ++i) {
    Table ops({"op", ">MSE", ">SQNR dB", "name"});
    for (const OpError& op : results[i].ops)
      ops.row({op.op, fmt::format("{:.3g}", op.error.mse()), decibels(op.error), op.name});
    out += fmt::format("\n{}\n{}", a.models[i], ops.text());
  }
  return out;
}

Result<int> evaluate_command(Options& options) {
  Arguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  if (a.per_op && a.reference.empty()) return fail(ErrorKind::bad_option, "--per-op needs --reference", "command line");

  std::vector<Candidate> candidates;
  for (const std::string& path : a.models) {
    NARROW_TRY(Candidate c, read_candidate(path, a));
    candidates.push_back(std::move(c));
  }
  Progress progress;
  EvaluateOptions how;
  how.profile = a.profile.chosen();
  how.threads = a.threads;
  how.per_op = a.per_op;
  how.progress = &progress;
  if (!a.reference.empty()) {
    NARROW_TRY(how.reference, read_candidate(a.reference, a));
  }
  if (!a.labels.empty()) {
    NARROW_TRY(how.labels, read_labels(a.labels));
  }
  NARROW_TRY(how.samples, a.data.count(*candidates[0].data));
  Result<std::vector<Evaluation>> results = [&] {
    ProgressBar const bar("evaluating", progress);
    return evaluate(candidates, how);
  }();
  if (!results) return pass(std::move(results));

  if (!a.json) {
    fmt::print("{}", evaluations_text(a, candidates, *results));
    return kDone;
  }
  Json models = Json::array();
  for (size_t i = 0; i < candidates.size(); ++i)
    models.push_back(evaluation_json(a.models[i], candidates[i], (*results)[i], a.per_op));
  print_json(
      {{"profile", how.profile->name}, {"models", std::move(models)}, {"peak_rss_bytes", peak_resident_bytes()}});
  return kDone;
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
