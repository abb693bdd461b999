#include "narrow/run.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/progress_bar.h"
#include "cli/talk.h"

namespace narrow {
namespace {

struct RunArguments {
  std::string model;
  RunRequest request;
  ModelArguments dimensions;
  bool json = false;
};

void declare(Options& options, RunArguments& a) {
  options.positional("MODEL", &a.model, "a .tflite file, float or quantized");
  declare_data(options, a.request.data, true);
  options.required_text("-o", "Y", &a.request.output, "Y.npy gets the first output, Y.npz all of them by name");
  options.choice("--profile", &a.request.profile, "whose rounding to use");
  declare_signature(options, a.request.signature);
  options.text("--per-op", "DIR", &a.request.tensors_folder,
               "a .npy of every tensor that is computed, and index.json with their names");
  options.flag("--dequantize", &a.request.dequantize, "real values instead of integers");
  options.threads(&a.request.threads);
  declare_dimensions(options, a.dimensions);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Result<int> run_command(Options& options) {
  Cost const cost;
  RunArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.dimensions));
  Progress progress;
  a.request.progress = &progress;
  Result<RunResult> done = [&] {
    ProgressBar const bar("running", progress);
    return run(model, a.request);
  }();
  if (!done) return pass_for(a.model, std::move(done));
  print_warnings(done->warnings);
  if (!a.json) {
    fmt::print("{}: {} samples, {:.3f} s\n", a.request.output, done->samples, cost.seconds());
    return kDone;
  }
  JsonWriter out;
  out.begin_object()
      .member("output", a.request.output)
      .member("samples", done->samples)
      .member("profile", to_string(a.request.profile))
      .member("warnings", warnings_in_options(done->warnings))
      .member("seconds", cost.seconds())
      .member("samples_per_second", static_cast<double>(done->samples) / cost.seconds())
      .member("peak_rss_bytes", peak_resident_bytes())
      .end_object();
  print_json(out);
  return kDone;
}

}  // namespace

constexpr Command kRunCommand{
    .name = "run",
    .summary = "Writes the outputs of a model, float or integer, for each sample",
    .examples = {"narrow run model_int8.tflite --data test.npy -o outputs.npy",
                 "narrow run model_int8.tflite --data test.npy -o outputs.npz --profile litert --per-op tensors/"},
    .run = run_command,
};

}  // namespace narrow
