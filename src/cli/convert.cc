#include "narrow/convert.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/table.h"
#include "narrow/inspect.h"

namespace narrow {
namespace {

struct ConvertArguments {
  std::string model, output;
  ModelArguments reading;
  bool json = false;
};

void declare(Options& options, ConvertArguments& a) {
  options.positional("MODEL", &a.model, "a model file of any format, or a SavedModel folder");
  options.required_text("-o", "OUT.tflite", &a.output, "where the .tflite file goes");
  declare_dimensions(options, a.reading);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Result<int> convert_command(Options& options) {
  ConvertArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.reading));
  auto const simple = convert(*model);
  if (!simple) return pass_for(a.model, simple);
  NARROW_TRY(ModelSummary const before, summarize(*model));
  NARROW_TRY(ModelSummary const after, summarize(**simple));
  NARROW_TRY(int64_t const bytes, save(**simple, a.output));
  if (a.json) {
    JsonWriter out;
    out.begin_object()
        .member("output", a.output)
        .member("bytes", bytes)
        .member("ops", after.ops)
        .member("parameters", after.parameters)
        .member("macs", after.macs)
        .end_object();
    print_json(out);
  } else {
    fmt::print("{}: {} -> {} ops, {} bytes\n", printable(a.output), before.ops, after.ops, grouped(bytes));
  }
  return kDone;
}

}  // namespace

constexpr Command kConvertCommand{
    .name = "convert",
    .summary = "Writes a model of any format as .tflite, simplified and not quantized",
    .examples = {"narrow convert model.h5 -o model.tflite", "narrow convert model.onnx --batch 1 -o model.tflite"},
    .run = convert_command,
};

}  // namespace narrow
