#include "narrow/verify.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/option_names.h"
#include "cli/terminal.h"
#include "narrow/inspect.h"

namespace narrow {
namespace {

JsonWriter findings_json(const std::string& path, Runtime runtime, const std::vector<Finding>& found) {
  JsonWriter out;
  out.begin_object().member("runtime", to_string(runtime)).member("model", path).key("findings").begin_array();
  for (const Finding& f : found)
    out.begin_object()
        .member("graph", f.graph)
        .member("index", f.op)
        .member("op", f.type)
        .member("name", f.name)
        .member("what", in_options(f.what))
        .member("remedy", in_options(f.remedy))
        .end_object();
  out.end_array().member("ok", found.empty()).end_object();
  return out;
}

/// "op 3 (ADD) 'net/add'", with its graph where there are several.
std::string place(const Finding& f, size_t graphs) {
  if (!f.graph || !f.op) return "model";
  std::string const graph = graphs > 1 ? fmt::format("graph {}, ", *f.graph) : "";
  return fmt::format("{}op {} ({}) '{}'", graph, *f.op, readable(f.type), readable(f.name));
}

std::string finding_text(const Finding& f, size_t graphs) {
  return fmt::format("{}: {}{}{}\n", on_output(Tone::bad, place(f, graphs)), printable(in_options(f.what)),
                     f.remedy.empty() ? "" : "; ", in_options(f.remedy));
}

Result<int> verify_command(Options& options) {
  std::string path;
  Runtime runtime = Runtime::tflm;
  ModelArguments dimensions;
  bool json = false;
  options.positional("MODEL", &path, "a .tflite file");
  options.required_choice("--runtime", &runtime, "whose kernels the model is for");
  declare_dimensions(options, dimensions);
  options.flag("--json", &json, "one JSON object instead of lines");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  // What another runtime makes of the stored forms is its own affair.
  NARROW_TRY(LoadOptions const fixed, load_options(dimensions));
  NARROW_TRY(ModelPtr const model, runtime == Runtime::narrow ? load_model(path, dimensions) : load(path, fixed));
  NARROW_TRY(auto const found, verify(*model, runtime));
  if (json) {
    print_json(findings_json(path, runtime, found));
  } else if (found.empty()) {
    fmt::print("{}: {} {} can run this model\n", path, on_output(Tone::good, "OK:"), title(runtime));
  } else {
    NARROW_TRY(ModelInfo const info, inspect(*model));
    for (const Finding& f : found) fmt::print("{}", finding_text(f, info.graphs.size()));
  }
  return found.empty() ? kDone : kCheckFailed;
}

}  // namespace

constexpr Command kVerifyCommand{
    .name = "verify",
    .summary = "Says whether a runtime takes a model: a line for each thing that keeps it from running",
    .examples = {"narrow verify model_int8.tflite --runtime tflm",
                 "narrow verify model.tflite --runtime litert --json"},
    .run = verify_command,
};

}  // namespace narrow
