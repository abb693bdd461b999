#include "narrow/quantize.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/explain.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/option_names.h"
#include "cli/progress_bar.h"
#include "cli/quality_report.h"
#include "cli/quantization_arguments.h"
#include "cli/range_arguments.h"
#include "cli/report_arguments.h"
#include "cli/shell_word.h"
#include "cli/table.h"
#include "cli/talk.h"
#include "narrow/inspect.h"

namespace narrow {
namespace {

struct QuantizeArguments {
  std::string model, output;
  QuantizationArguments quantization;
  ReportArguments report;
  ReportRequest told;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, QuantizeArguments& a) {
  options.positional("MODEL", &a.model, "a .tflite file, float or quantized");
  options.required_text("-o", "OUT.tflite", &a.output, "where the quantized model goes");
  declare_quantization(options, a.quantization);
  options.text("--explain", "OP", &a.quantization.request.explain,
               "tell everything about one op: its name, index or graph:index");
  declare_report(options, a.report);
  declare_report_drop(options, a.report);
  options.threads(&a.quantization.request.threads);
  declare_dimensions(options, a.dimensions);
  options.wide();
  options.flag("--json", &a.json, "one JSON object instead of text");
}

/// What is not stored by parsing alone.
Status complete(QuantizeArguments& a) {
  NARROW_CHECK(complete(a.quantization));
  QuantizeRequest& r = a.quantization.request;
  a.told.labels = r.labels;
  bool const searches = (r.range && r.range->method == RangeMethod::search) || !r.recipe.empty();
  if (!a.report.path.empty() && !searches) r.labels = {};  // they are for the report alone
  return complete(a.report, a.told);
}

JsonWriter result_json(const QuantizeArguments& a, const QuantizeResult& result, const std::vector<std::string>& notes,
                       int64_t bytes, const Cost& cost) {
  JsonWriter out;
  out.begin_object()
      .member("output", a.output)
      .member("bytes", bytes)
      .member("scheme", to_string(result.scheme))
      .member("samples", result.samples)
      .member("seconds", cost.seconds())
      .member("peak_rss_bytes", peak_resident_bytes())
      .key("ops")
      .begin_array();
  for (const OpReport& op : result.ops)
    out.begin_object()
        .member("name", op.name)
        .member("op", op.op)
        .member("quantized", op.quantized)
        .member("form", op.form)
        .member("reason", in_options(op.reason))
        .member("graph", op.graph)
        .end_object();
  out.end_array();
  if (result.search) write_search(out, *result.search);
  if (result.quality) write_quality(out, *result.quality);
  write_scaled(out, result.scaled);
  if (!notes.empty()) out.member("notes", notes);
  if (!result.warnings.empty()) out.member("warnings", warnings_in_options(result.warnings));
  if (!a.quantization.request.explain.empty()) write_explanations(out.key("explain"), result.explanations);
  out.end_object();
  return out;
}

std::string report_text(const QuantizeArguments& a, const QuantizeResult& result, int64_t bytes, int64_t before,
                        const Cost& cost) {
  Table table({">", "op", "", "~why", "~name"});
  int graph = 0;
  size_t index = 0;
  for (const OpReport& op : result.ops) {
    index = op.graph == graph ? index : 0;
    graph = op.graph;
    std::string const at = (graph > 0 ? std::to_string(graph) + ":" : "") + std::to_string(index++);
    Cell const form{op.form.empty() ? "-" : op.form, op.form == "float" ? Tone::doubtful : Tone::plain};
    table.row({at, op.op, form, in_options(op.reason), first_name(op.name)});
  }
  std::string const samples = result.samples ? fmt::format(", {} samples", result.samples) : "";
  std::string const search = result.search ? search_text(*result.search) + "\n" : "";
  std::string const scaled = scaled_text(result.scaled);
  std::string const quality =
      result.quality ? quality_text(*result.quality) + scaled + (scaled.empty() ? "\n" : "\n\n") : "";
  auto count = [](size_t n, const char* what) {
    return n == 0 ? "" : ", " + on_output(Tone::doubtful, fmt::format("{} {}", n, what));
  };
  auto const floats =
      static_cast<size_t>(std::ranges::count_if(result.ops, [](const OpReport& op) { return op.form == "float"; }));
  return fmt::format("{}{}{}{}{}: {} -> {} bytes{}{}{}, {:.1f} ms\n", search, quality, table.text(),
                     explanations_text(result.explanations), a.output, grouped(before), grouped(bytes), samples,
                     count(floats, floats == 1 ? "op stays float" : "ops stay float"),
                     count(result.warnings.size(), result.warnings.size() == 1 ? "warning" : "warnings"),
                     cost.seconds() * 1000);
}

/// The model beside the float one that it was made from, and measured with the samples that it was made from.
Result<Report> told_of(const QuantizeArguments& a, const ModelPtr& given, const QuantizeResult& result, int64_t bytes) {
  const QuantizeRequest& options = a.quantization.request;
  ReportRequest request = a.told;
  request.models.push_back({.name = std::filesystem::path(a.output).filename().string(),
                            .model = result.model,
                            .made = result,
                            .bytes = bytes});
  request.reference = result.prepared;
  request.given = given;
  request.signature = options.signature;
  request.threads = options.threads;
  request.try_schemes = true;
  take_samples(options, request);
  return report_of(request, options);
}

/// What a person would do next: set the result beside the model that it came from.
std::string next_command(const QuantizeArguments& a) {
  const DataSource& given = a.quantization.request.data;
  std::string const data = given.path.empty() ? "DATA" : data_words(given);
  return fmt::format("next: narrow evaluate {} {} --reference {} --data {}\n", shell_word(a.model),
                     shell_word(a.output), shell_word(a.model), data);
}

Result<int> quantize_command(Options& options) {
  Cost const cost;
  QuantizeArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  NARROW_CHECK(complete(a));

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  NARROW_TRY(ModelSummary const before, summarize(*model));
  Progress progress;
  a.quantization.request.progress = &progress;
  Result<QuantizeResult> result = [&] {
    ProgressBar const bar("calibrating", progress);
    return quantize(model, a.quantization.request);
  }();
  if (!result) return pass_for(a.model, std::move(result));
  NARROW_TRY(int64_t const bytes, save(*result->model, a.output));
  print_warnings(result->warnings);
  for (const std::string& note : result->notes) print_note(note);
  if (result->quality) print_advice(*result->quality);

  if (a.json || a.report.asked()) {
    NARROW_TRY(auto notes, stored_forms(*model));
    notes.insert(notes.end(), result->notes.begin(), result->notes.end());
    auto const report = result_json(a, *result, notes, bytes, cost);
    if (a.report.asked()) {
      Result<Report> told = told_of(a, model, *result, bytes);
      if (!told) return pass_for(a.model, std::move(told));
      NARROW_CHECK(write_report(a.report, std::move(*told), report));
    }
    if (a.json) print_json(report);
  }
  if (!a.json) fmt::print("{}", report_text(a, *result, bytes, before.bytes, cost));
  if (!a.json && isatty(STDOUT_FILENO)) fmt::print("{}", next_command(a));  // for a person, not for a log
  return kDone;
}

}  // namespace

constexpr Command kQuantizeCommand{
    .name = "quantize",
    .summary = "Turns a float model into a quantized one",
    .examples = {"narrow quantize model.tflite --data train.npy -o model_int8.tflite",
                 "narrow quantize model.tflite --scheme float16 -o model_float16.tflite"},
    .run = quantize_command,
};

}  // namespace narrow
