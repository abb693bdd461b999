#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/printable.h"
#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/explain.h"
#include "cli/json_text.h"
#include "cli/progress_bar.h"
#include "cli/range_arguments.h"
#include "cli/report_html.h"
#include "cli/table.h"
#include "graph/arithmetic.h"
#include "narrow/narrow.h"
#include "quantize/ranges/range_method.h"
#include "quantize/recipe/scheme.h"

namespace narrow {
namespace {

struct Arguments {
  std::string model, output, report;
  std::string act_max;
  DataArguments data;
  QuantizeRequest request;
  std::string keep_float;
  bool json = false;
};

std::string range_help() {
  std::string out = "how ranges come from statistics (minmax):";
  for (const RangeMethod& m : all_range_methods())
    out += fmt::format("{} {}{}", &m == &all_range_methods()[0] ? "" : ",", m.name, m.parameter > 0 ? "[:P]" : "");
  return out;
}

void declare(Options& options, Arguments& a) {
  static constexpr const char* kTypes[] = {"float32", "int8", "uint8", "int16"};
  static constexpr const char* kGranularities[] = {"channel", "tensor"};
  static constexpr const char* kWeights[] = {"8", "16"};
  static constexpr const char* kActivations[] = {"8", "16", "float"};
  static constexpr const char* kBiases[] = {"8", "16", "32", "64", "auto"};
  static constexpr const char* kAccumulators[] = {"32", "64"};
  static constexpr const char* kScales[] = {"any", "pow2"};
  std::vector<const char*> schemes;
  for (const Scheme& s : all_schemes()) schemes.push_back(s.name);
  options.positional("MODEL", &a.model, "a float .tflite file");
  options.required_text("-o", "OUT.tflite", &a.output, "where the quantized model goes");
  options.choice("--scheme", schemes, &a.request.scheme, "what becomes integer, and how wide (int8)");
  a.data.declare(options, false);
  options.text("--signature", "KEY", &a.request.signature,
               "--data is for the graph of this signature (the first graph)");
  options.texts("--statistics", "S.nstat", &a.request.statistics,
                "what `narrow calibrate` wrote, instead of --data; again for each signature");
  options.text("--range", "METHOD", &a.request.range, range_help().c_str());
  options.text("--labels", "Y.npy", &a.request.labels, "right answers, by which --range search chooses (output error)");
  options.text("--act-max", "NAME=V,...", &a.act_max, "ranges by hand: values of NAME beyond +-V are clipped");
  options.choice("--granularity", kGranularities, &a.request.granularity,
                 "a weight scale for each of these (the scheme's)");
  options.choice("--weights", kWeights, &a.request.weights, "bits of weights (the scheme's)");
  options.choice("--activations", kActivations, &a.request.activations,
                 "bits of activations, or float: as --scheme dynamic (the scheme's)");
  options.choice("--bias", kBiases, &a.request.bias, "bits of biases; auto: as few as cost nothing (the scheme's)");
  options.choice("--accumulator", kAccumulators, &a.request.accumulator, "bits of sums; 32 is proved to fit");
  options.choice("--rounding", kRoundingNames, &a.request.rounding, "how sums become results (the scheme's)");
  options.choice("--scales", kScales, &a.request.scales, "any, or powers of two with zero points 0 (the scheme's)");
  options.choice("--io", kTypes, &a.request.io, "type of inputs and outputs (the scheme's activation type)");
  options.flag("--allow-float", &a.request.allow_float, "ops without an integer form stay float, each named");
  options.text("--keep-float", "REGEX", &a.keep_float, "ops whose name this is found in stay float");
  options.text("--explain", "OP", &a.request.explain, "tell everything about one op: its name, index or graph:index");
  options.text("--recipe", "R.toml", &a.request.recipe, "rules by name, op and role; the last match wins");
  options.text("--report", "F", &a.report, "also write here what --json prints, as a page where F ends in .html");
  options.threads(&a.request.threads);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

nlohmann::ordered_json op_json(const OpReport& op) {
  return {{"name", op.name}, {"op", op.op}, {"quantized", op.quantized}, {"reason", op.reason}, {"graph", op.graph}};
}

nlohmann::ordered_json report_json(const Arguments& a, const QuantizeResult& result, int64_t bytes, const Cost& cost) {
  auto ops = nlohmann::ordered_json::array();
  for (const OpReport& op : result.ops) ops.push_back(op_json(op));
  nlohmann::ordered_json out = {{"output", a.output},        {"bytes", bytes},
                                {"scheme", result.scheme},   {"samples", result.samples},
                                {"seconds", cost.seconds()}, {"peak_rss_bytes", peak_resident_bytes()},
                                {"ops", std::move(ops)}};
  if (result.search) {
    out["search"] = search_json(*result.search);
    out["search_summary"] = search_summary_json(*result.search);
  }
  if (!result.warnings.empty()) out["warnings"] = result.warnings;
  if (!a.request.explain.empty()) out["explain"] = explanations_json(result.explanations);
  return out;
}

/// Converters join the names of all ops that became one; the table shows the first.
std::string first_name(const std::string& name) {
  return name.substr(0, name.find(';'));
}

std::string report_text(const Arguments& a, const QuantizeResult& result, int64_t bytes, int64_t before,
                        const Cost& cost) {
  Table table({">", "op", "", "why", "name"});
  int graph = 0;
  size_t index = 0;
  for (const OpReport& op : result.ops) {
    index = op.graph == graph ? index : 0;
    graph = op.graph;
    std::string const at = (graph > 0 ? std::to_string(graph) + ":" : "") + std::to_string(index++);
    table.row({at, op.op, op.quantized ? result.scheme : "float", op.reason, first_name(op.name)});
  }
  std::string const samples = result.samples ? fmt::format(", {} samples", result.samples) : "";
  std::string const search = result.search ? search_text(*result.search) + "\n" : "";
  return fmt::format("{}{}{}{}: {} -> {} bytes{}, {:.1f} ms\n", search, table.text(),
                     explanations_text(result.explanations), a.output, grouped(before), grouped(bytes), samples,
                     cost.seconds() * 1000);
}

Result<int> quantize_command(Options& options) {
  Cost const cost;
  Arguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  a.request.data = {a.data.path, a.data.meaning.scale, a.data.meaning.offset, a.data.samples};
  if (!a.act_max.empty()) {
    NARROW_TRY(a.request.act_max, parse_act_max(a.act_max));
  }
  if (!a.keep_float.empty()) a.request.keep_float.push_back(a.keep_float);

  NARROW_TRY(ModelPtr const model, load(a.model));
  NARROW_TRY(ModelSummary const before, summarize(*model));
  Progress progress;
  a.request.progress = &progress;
  Result<QuantizeResult> result = [&] {
    ProgressBar const bar("calibrating", progress);
    return quantize(model, a.request);
  }();
  if (!result) return pass(std::move(result), a.model);
  NARROW_TRY(int64_t const bytes, save(*result->model, a.output));
  for (const std::string& warning : result->warnings) fmt::print(stderr, "narrow: warning: {}\n", printable(warning));

  if (a.json || !a.report.empty()) {
    auto const report = report_json(a, *result, bytes, cost);
    if (a.report.ends_with(".html")) {
      ReportTitle const title{a.output, result->scheme, before.bytes, bytes};
      std::string const page = report_html(title, *result);
      NARROW_CHECK(write_file_atomically(a.report, std::as_bytes(std::span(page))));
    } else if (!a.report.empty()) {
      NARROW_CHECK(write_json(a.report, report));
    }
    if (a.json) print_json(report);
  }
  if (!a.json) fmt::print("{}", report_text(a, *result, bytes, before.bytes, cost));
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
