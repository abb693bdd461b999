#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_facts.h"
#include "cli/signature_argument.h"
#include "cli/weights.h"

namespace narrow {
namespace {

Result<int> inspect(Options& options) {
  std::string path;
  SignatureArgument signature;
  bool json = false, weights = false;
  options.positional("MODEL", &path, "a .tflite file");
  signature.declare(options, "show the graph of this signature first (the model's first graph)");
  options.flag("--weights", &weights, "how the values of each constant are spread");
  options.flag("--json", &json, "one JSON object instead of tables");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(Model const model, signature.read(path));
  auto const histograms = weights ? weight_histograms(model) : std::vector<WeightHistogram>{};
  if (json) {
    auto out = model_json(model);
    if (weights) out["weights"] = weights_json(histograms);
    print_json(out);
  } else {
    fmt::print("{}", model_text(model));
    if (weights) fmt::print("\n{}", weights_text(histograms));
  }
  return kDone;
}

}  // namespace

constexpr Command kInspectCommand{
    .name = "inspect",
    .summary = "Says what is in a model: inputs, outputs, ops with shapes and types, parameters, MACs, bytes",
    .examples = {"narrow inspect model.tflite", "narrow inspect model.tflite --weights --json"},
    .run = inspect,
};

}  // namespace narrow
