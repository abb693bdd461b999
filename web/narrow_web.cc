// narrow for a page: a request comes as JSON, the answer goes as JSON. Files lie in the file system that emscripten
// keeps in memory; worker.js puts them there and takes them from there. One model is worked on at a time.
#include <narrow/narrow.h>
#include <narrow/report.h>

#include <exception>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "options.h"

namespace narrow::web {
namespace {

using nlohmann::json;

/// What the requests before have made.
struct Work {
  ModelPtr given;
  std::string name;  // of the model, without folder and ending
  std::optional<QuantizeResult> quantized;
  std::vector<std::byte> bytes;         // of the quantized model's file
  std::vector<Evaluation> evaluations;  // of the model given, and the quantized one
};
Work work;  // NOLINT: one page, one thread

json shape_of(const TensorInfo& tensor) {
  return {{"name", tensor.name}, {"dtype", to_string(tensor.dtype)}, {"shape", tensor.shape}};
}

Result<json> load(const json& request) {
  work = {};
  auto const path = request.at("model").get<std::string>();
  NARROW_TRY(work.given, narrow::load(path));
  work.name = path.substr(path.rfind('/') + 1);
  work.name = work.name.substr(0, work.name.rfind('.'));
  NARROW_TRY(ModelSummary const summary, summarize(*work.given));
  NARROW_TRY(std::vector<std::string> const forms, stored_forms(*work.given));
  json out = {{"ops", summary.ops},
              {"macs", summary.macs},
              {"parameters", summary.parameters},
              {"bytes", summary.bytes},
              {"notes", forms}};
  for (const TensorInfo& t : summary.inputs) out["inputs"].push_back(shape_of(t));
  for (const TensorInfo& t : summary.outputs) out["outputs"].push_back(shape_of(t));
  return out;
}

Result<json> quantize(const json& request) {
  NARROW_TRY(QuantizeRequest wanted, quantize_request(request.at("options")));
  wanted.threads = 1;
  work.quantized.reset();
  NARROW_TRY(work.quantized, narrow::quantize(work.given, wanted));
  const QuantizeResult& result = *work.quantized;
  NARROW_TRY(work.bytes, to_bytes(*result.model));
  auto const path = request.at("to").get<std::string>();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(work.bytes.data()), static_cast<std::streamsize>(work.bytes.size()));
  json out = {{"scheme", to_string(result.scheme)},
              {"bytes", work.bytes.size()},
              {"samples", result.samples},
              {"warnings", result.warnings},
              {"notes", result.notes}};
  for (const OpReport& op : result.ops)
    out["ops"].push_back(
        {{"name", op.name}, {"op", op.op}, {"quantized", op.quantized}, {"form", op.form}, {"reason", op.reason}});
  if (result.quality) out["chain"] = result.quality->trials[result.quality->chosen].chain;
  return out;
}

/// Infinite ratios have no form in JSON: null.
json decibels(const ErrorSums& error) {
  double const db = error.sqnr_db();
  return std::isfinite(db) ? json(db) : json();
}

json row_of(const Evaluation& e, const char* name) {
  json out = {{"name", name}, {"samples", e.samples}, {"warnings", e.warnings}};
  if (e.top1) out["top1"] = *e.top1;
  if (e.agreement) out["agreement"] = *e.agreement;
  if (e.error) out["sqnr_db"] = decibels(*e.error);
  for (const OpError& op : e.ops)
    out["ops"].push_back({{"name", op.name}, {"op", op.op}, {"sqnr_db", decibels(op.error)}});
  return out;
}

Result<json> evaluate(const json& request) {
  NARROW_TRY(EvaluateRequest wanted, evaluate_request(request.at("options")));
  wanted.threads = 1;
  wanted.reference = work.given;
  wanted.per_op = true;
  const ModelPtr models[] = {work.given, work.quantized->model};
  NARROW_TRY(work.evaluations, narrow::evaluate(models, wanted));
  return json{{"rows", {row_of(work.evaluations[0], "float"), row_of(work.evaluations[1], "quantized")}}};
}

Result<json> report(const json& request) {
  NARROW_TRY(EvaluateRequest const data, evaluate_request(request.at("options")));
  ReportRequest wanted;
  wanted.models = {{.name = work.name, .model = work.quantized->model, .made = work.quantized}};
  wanted.models[0].bytes = static_cast<int64_t>(work.bytes.size());
  if (work.evaluations.size() == 2) wanted.models[0].evaluation = work.evaluations[1];
  wanted.given = work.given;
  wanted.reference = work.quantized->prepared;
  wanted.data = data.data;
  wanted.labels = data.labels;
  wanted.threads = 1;
  NARROW_TRY(Report const made, make_report(wanted));
  return json{{"html", report_html(made)}};
}

Result<json> compile(const json& request) {
  NARROW_TRY(CompileRequest wanted, compile_request(request.at("options")));
  wanted.folder = request.at("to").get<std::string>();
  if (wanted.name.empty() && request.contains("name")) wanted.name = request["name"].get<std::string>();
  NARROW_TRY(CompileResult const result, narrow::compile(work.quantized->model, wanted));
  json out = {{"files", result.files}, {"macs", result.macs}, {"warnings", result.warnings}, {"notes", result.notes}};
  if (result.flash_bytes) out["flash"] = *result.flash_bytes;
  if (result.arena_bytes) out["arena"] = *result.arena_bytes;
  if (result.stack_bytes) out["stack"] = *result.stack_bytes;
  return out;
}

Result<json> choices() {
  json out = {{"version", version()}};
  for (Scheme const s : all<Scheme>()) out["schemes"].push_back(to_string(s));
  for (Target const t : all<Target>()) out["targets"].push_back(to_string(t));
  return out;
}

Result<json> answer(const json& request) {
  auto const what = request.at("do").get<std::string>();
  if (what == "choices") return choices();
  if (what == "load") return load(request);
  if (!work.given) return refuse({}, "there is no model yet", "load one first");
  if (what == "quantize") return quantize(request);
  if (!work.quantized) return refuse({}, "there is no quantized model yet", "quantize one first");
  if (what == "evaluate") return evaluate(request);
  if (what == "report") return report(request);
  if (what == "compile") return compile(request);
  return refuse({}, "there is no request '" + what + "'");
}

/// The error as the command line prints it, and its parts.
json said(const Error& e) {
  return {{"error",
           {{"line", "narrow: error: " + e.what + (e.where.empty() ? "" : " (" + e.where + ")")},
            {"remedy", e.remedy},
            {"kind", to_string(e.kind)},
            {"field", e.field}}}};
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);  // names in files may be no UTF-8
}

}  // namespace
}  // namespace narrow::web

/// The answer to `request`; it stays until the next call.
extern "C" const char* narrow_answer(const char* request) {
  static std::string text;
  try {
    auto const out = narrow::web::answer(nlohmann::json::parse(request));
    text = narrow::web::text_of(out ? *out : narrow::web::said(out.error()));
  } catch (const std::bad_alloc&) {
    text = R"({"error":{"line":"narrow: error: out of memory","remedy":"","kind":"limit_exceeded","field":""}})";
  } catch (const std::exception& e) {
    text = narrow::web::text_of(narrow::web::said({narrow::ErrorKind::internal, e.what(), {}, {}, {}}));
  }
  return text.c_str();
}

/// A page has 2 GiB of memory, and sizes of 32 bits: no product of such limits is larger than what these hold.
int main() {
  narrow::Limits limits;
  limits.file_bytes = int64_t{512} << 20;
  limits.tensor_elements = int64_t{1} << 27;
  limits.arena_bytes = int64_t{1} << 30;
  narrow::set_limits(limits);
}
