#include "narrow/compile.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/weights_arguments.h"

namespace narrow {
namespace {

struct CompileArguments {
  std::string model, layout = "stored";
  CompileRequest request;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, CompileArguments& a) {
  options.positional("MODEL", &a.model, "a quantized .tflite file");
  options.required_text("-o", "DIR", &a.request.folder, "the folder; what else is in it stays");
  options.flag("--headers-only", &a.request.headers_only,
               "constants, sizes and factors, without the code that runs them");
  declare_weights(options, a.layout, a.request.style, a.request.name);
  declare_dimensions(options, a.dimensions);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Result<int> compile_command(Options& options) {
  CompileArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  if (!a.request.headers_only)
    return fail(ErrorKind::bad_option,
                "--headers-only is missing: this version writes constants, not yet whole programs", "command line",
                fmt::format("as in: {}", kCompileCommand.examples[0]));
  NARROW_TRY(a.request.layout, layout_argument(a.layout));

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  a.request.cancel = defer_interrupts();
  NARROW_TRY(CompileResult const result, compile(*model, a.request));
  if (a.json) {
    print_json({{"name", result.name},
                {"flash_bytes", nullptr},
                {"weight_bytes", result.weight_bytes},
                {"arena_bytes", nullptr},
                {"macs", result.macs},
                {"steps", nlohmann::ordered_json::array()},
                {"files", result.files}});
  } else {
    fmt::print("{}: {} constants, {} bytes\n", fmt::join(result.files, ", "), result.constants, result.weight_bytes);
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
