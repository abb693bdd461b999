#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/cost.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/profile_argument.h"
#include "cli/progress_bar.h"
#include "cli/run_files.h"
#include "cli/signature_argument.h"
#include "program/run_samples.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

struct Arguments {
  std::string model, output, per_op;
  DataArguments data;
  ProfileArgument profile;
  SignatureArgument signature;
  int threads = 1;
  bool dequantize = false, json = false;
};

void declare(Options& options, Arguments& a) {
  options.positional("MODEL", &a.model, "a .tflite file, float or quantized");
  a.data.declare(options, true);
  options.required_text("-o", "Y", &a.output, "Y.npy gets the first output, Y.npz all of them by name");
  a.profile.declare(options);
  a.signature.declare(options);
  options.text("--per-op", "DIR", &a.per_op,
               "a .npy of every tensor that is computed, and index.json with their names");
  options.flag("--dequantize", &a.dequantize, "real values instead of integers");
  options.threads(&a.threads);
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Result<int> run_command(Options& options) {
  Cost const cost;
  Arguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  if (!a.output.ends_with(".npy") && !a.output.ends_with(".npz"))
    return fail(ErrorKind::bad_option, fmt::format("-o does not take '{}'", a.output), "command line",
                "its name ends in .npy or .npz");

  NARROW_TRY(Model const read, a.signature.read(a.model));
  NARROW_TRY(Model folded, fold_constants(read));
  auto const model = std::make_shared<const Model>(std::move(folded));
  NARROW_TRY(auto data, a.data.open(*model));
  Progress progress;
  RunOptions how{.profile = a.profile.chosen(), .threads = a.threads, .progress = &progress};
  NARROW_TRY(how.samples, a.data.count(*data));
  NARROW_TRY(OutputFiles outputs, OutputFiles::create(a.output, model->main(), how.samples, a.dequantize));
  std::optional<TensorFiles> tensors;
  if (!a.per_op.empty()) {
    NARROW_TRY(tensors, TensorFiles::create(a.per_op, model->main(), how.samples, a.dequantize));
  }
  RunVisitor visitor;
  visitor.batch = [&](const Runner& runner, int64_t first, int count) { return outputs.write(runner, first, count); };
  if (tensors)
    visitor.tensor = [&](TensorRef t, const std::byte* values, int64_t first, int count) {
      return t.graph == 0 ? tensors->write(t.tensor, values, first, count) : Status();
    };
  Status done = [&] {
    ProgressBar const bar("running", progress);
    return run_samples(model, *data, how, visitor);
  }();
  if (!done) return pass(std::move(done), a.model);
  if (tensors) NARROW_CHECK(tensors->finish());
  NARROW_CHECK(outputs.finish());

  if (a.json)
    print_json({{"output", a.output},
                {"samples", how.samples},
                {"profile", how.profile->name},
                {"seconds", cost.seconds()},
                {"samples_per_second", static_cast<double>(how.samples) / cost.seconds()},
                {"peak_rss_bytes", peak_resident_bytes()}});
  else
    fmt::print("{}: {} samples, {:.3f} s\n", a.output, how.samples, cost.seconds());
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
