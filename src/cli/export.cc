#include "narrow/export.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/weights_arguments.h"

namespace narrow {
namespace {

struct ExportArguments {
  std::string model, layout = "stored";
  ExportRequest request;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, ExportArguments& a) {
  options.positional("MODEL", &a.model, "a .tflite file");
  options.required_text("-o", "DIR", &a.request.folder, "the folder; what else is in it stays");
  options.choice("--format", &a.request.format, "a file for each constant and index.json, or NAME_weights.h and .c");
  declare_weights(options, a.layout, a.request.style, a.request.packed, a.request.name);
  declare_dimensions(options, a.dimensions);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Result<int> export_command(Options& options) {
  ExportArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  NARROW_TRY(a.request.layout, layout_argument(a.layout));
  a.request.cancel = defer_interrupts();
  NARROW_TRY(ExportResult const result, export_constants(*model, a.request));
  if (a.json) {
    JsonWriter out;
    out.begin_object()
        .member("output", a.request.folder)
        .member("format", to_string(a.request.format))
        .member("layout", a.layout)
        .member("constants", result.constants)
        .member("files", result.files)
        .member("left_out", result.left_out)
        .end_object();
    print_json(out);
  } else {
    fmt::print("{}: {} constants in {} files\n", a.request.folder, result.constants, result.files.size());
    for (const std::string& name : result.left_out) fmt::print("left out, no numbers: {}\n", printable(name));
  }
  return kDone;
}

}  // namespace

constexpr Command kExportCommand{
    .name = "export",
    .summary = "Writes the constants of a model where other programs can read them",
    .examples = {"narrow export model_int8.tflite -o weights/ --format npy",
                 "narrow export model_int8.tflite -o weights/ --format csv --layout hwio,transposed"},
    .run = export_command,
};

}  // namespace narrow
