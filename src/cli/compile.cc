#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/weights_arguments.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

struct Arguments {
  std::string model;
  ExportRequest request;
  bool headers_only = false, json = false;
};

void declare(Options& options, Arguments& a) {
  options.positional("MODEL", &a.model, "a quantized .tflite file");
  options.required_text("-o", "DIR", &a.request.folder, "the folder; what else is in it stays");
  options.flag("--headers-only", &a.headers_only, "constants, sizes and factors, without the code that runs them");
  declare_weights(options, a.request);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

bool reads_float16(const Graph& graph, const Op& op) {
  int const x = op.inputs.empty() ? kNoTensor : op.inputs[0];
  return x != kNoTensor && graph.tensor(x).constant && graph.tensor(x).dtype == DType::float16;
}

/// Float data with integer weights, as `narrow quantize --scheme dynamic` makes them.
bool is_hybrid(const Graph& graph, const Op& op) {
  bool const data = op.def && op.def->quant.versions.dynamic != 0 && op.inputs.size() > 1 && op.inputs[1] != kNoTensor;
  if (!data || op.outputs.empty()) return false;
  const Tensor& weights = graph.tensor(op.inputs[1]);
  return weights.constant && !weights.is_float() && graph.tensor(op.outputs[0]).dtype == DType::float32;
}

/// Models whose weights become floats when they run have no place in C without floats.
Status check_numbers(const Model& model) {
  for (const Graph& graph : model.graphs)
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      bool const half = reads_float16(graph, graph.ops[i]);
      if (half || is_hybrid(graph, graph.ops[i]))
        return fail(ErrorKind::unsupported,
                    half ? "float16 weights have no integer C" : "float data with integer weights has no integer C",
                    op_label(graph, i) + ", " + model.source,
                    "quantize with --scheme int8; `narrow export --format header` writes the constants as they are");
    }
  return {};
}

Result<int> compile_command(Options& options) {
  Arguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  if (!a.headers_only)
    return fail(ErrorKind::bad_option,
                "--headers-only is missing: this version writes constants, not yet whole programs", "command line",
                fmt::format("as in: {}", kCompileCommand.examples[0]));

  NARROW_TRY(ModelPtr const model, load(a.model));
  NARROW_CHECK(check_numbers(*model));
  a.request.format = "header";
  a.request.cancel = defer_interrupts();
  NARROW_TRY(ExportResult const result, export_constants(*model, a.request));
  NARROW_TRY(ModelSummary const summary, summarize(*model));
  if (a.json) {
    print_json({{"name", result.name},
                {"flash_bytes", nullptr},
                {"weight_bytes", result.bytes},
                {"arena_bytes", nullptr},
                {"macs", summary.macs},
                {"steps", nlohmann::ordered_json::array()},
                {"files", result.files}});
  } else {
    fmt::print("{}: {} constants, {} bytes\n", fmt::join(result.files, ", "), result.constants, result.bytes);
  }
  return kDone;
}

}  // namespace

constexpr Command kCompileCommand{
    .name = "compile",
    .summary = "Turns a quantized model into C99; so far its constants and the numbers of each layer",
    .examples = {"narrow compile model_int8.tflite -o src/ --headers-only --name kws",
                 "narrow compile model_int8.tflite -o src/ --headers-only --style define --layout hwio,transposed"},
    .run = compile_command,
};

}  // namespace narrow
