#include "narrow/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/progress_bar.h"
#include "cli/quantization_arguments.h"
#include "cli/table.h"
#include "cli/talk.h"
#include "cli/weights_arguments.h"

namespace narrow {
namespace {

struct CompileArguments {
  std::string model, layout = "stored";
  CompileRequest request;
  QuantizationArguments quantization;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, CompileArguments& a) {
  options.positional("MODEL", &a.model, "a .tflite file; a float one is quantized on the way");
  options.required_text("-o", "DIR", &a.request.folder, "the folder; what else is in it stays");
  options.text("--golden", "X.npy", &a.request.golden.path,
               "samples that the self-test stores, with the outputs that the simulator computes of them",
               "one from a fixed seed");
  options.flag("--headers-only", &a.request.headers_only,
               "constants, sizes and factors, without the code that runs them");
  declare_weights(options, a.layout, a.request.style, a.request.name);
  declare_quantization(options, a.quantization);
  options.threads(&a.quantization.request.threads);
  declare_dimensions(options, a.dimensions);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

/// The model itself, or what quantizing it gives.
Result<ModelPtr> quantized(const ModelPtr& model, CompileArguments& a, std::vector<std::string>& warnings) {
  const QuantizeRequest& r = a.quantization.request;
  bool const asked = r.scheme || r.data.given() || !r.statistics.empty();
  if (!asked) return model;
  Progress progress;
  a.quantization.request.progress = &progress;
  ProgressBar const bar("calibrating", progress);
  NARROW_TRY(QuantizeResult done, quantize(model, a.quantization.request));
  warnings = std::move(done.warnings);
  return done.model;
}

nlohmann::ordered_json result_json(const CompileResult& result, const std::vector<std::string>& warnings) {
  auto steps = nlohmann::ordered_json::array();
  for (const CompiledStep& s : result.steps)
    steps.push_back({{"name", s.name}, {"op", s.op}, {"kernel", s.kernel}, {"macs", s.macs}, {"reason", s.reason}});
  auto plan = nlohmann::ordered_json::array();
  for (const PlannedBuffer& b : result.plan)
    plan.push_back(
        {{"tensor", b.tensor}, {"offset", b.offset}, {"bytes", b.bytes}, {"first", b.first}, {"last", b.last}});
  nlohmann::ordered_json out{
      {"name", result.name},       {"flash_bytes", nullptr},  {"weight_bytes", result.weight_bytes},
      {"arena_bytes", nullptr},    {"stack_bytes", nullptr},  {"macs", result.macs},
      {"steps", std::move(steps)}, {"plan", std::move(plan)}, {"warnings", warnings},
      {"files", result.files}};
  if (result.arena_bytes) out["arena_bytes"] = *result.arena_bytes;
  return out;
}

std::string result_text(const CompileResult& result, const std::string& folder) {
  if (!result.arena_bytes)
    return fmt::format("{}: {} constants, {} bytes\n", fmt::join(result.files, ", "), result.constants,
                       result.weight_bytes);
  Table table({"step", "op", "kernel", ">macs", "memory"});
  for (const CompiledStep& s : result.steps)
    table.row({s.name, s.op, s.kernel.empty() ? "-" : s.kernel, s.macs ? std::to_string(s.macs) : "", s.reason});
  return fmt::format(
      "{}{}: {} files; constants {} bytes, arena {} bytes with inputs and outputs, {} multiply-accumulates\n"
      "next: make -C {} test\n",
      table.text(), folder, result.files.size(), grouped(result.weight_bytes), grouped(*result.arena_bytes),
      grouped(result.macs), folder);
}

Result<int> compile_command(Options& options) {
  CompileArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  NARROW_CHECK(complete(a.quantization));
  NARROW_TRY(a.request.layout, layout_argument(a.layout));

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  std::vector<std::string> warnings;
  NARROW_TRY(ModelPtr const integers, quantized(model, a, warnings));
  print_warnings(warnings);
  const DataSource& data = a.quantization.request.data;
  a.request.golden.scale = data.scale;
  a.request.golden.offset = data.offset;
  a.request.golden.is_quantized = data.is_quantized;
  a.request.signature = a.quantization.request.signature;
  a.request.cancel = defer_interrupts();
  NARROW_TRY(CompileResult const result, compile(integers, a.request));
  print_warnings(result.warnings);
  warnings.insert(warnings.end(), result.warnings.begin(), result.warnings.end());
  if (a.json)
    print_json(result_json(result, warnings));
  else
    fmt::print("{}", result_text(result, a.request.folder));
  return kDone;
}

}  // namespace

constexpr Command kCompileCommand{
    .name = "compile",
    .summary = "Turns a model into a C99 project that runs it in integers, or into headers",
    .examples = {"narrow compile model.tflite --scheme int8 --data train.npy -o kws/ --name kws",
                 "narrow compile model_int8.tflite -o src/ --headers-only --name kws"},
    .run = compile_command,
};

}  // namespace narrow
