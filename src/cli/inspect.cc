#include "narrow/inspect.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/coverage.h"
#include "cli/data_arguments.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/model_facts.h"
#include "cli/print_error.h"
#include "cli/statistics_facts.h"
#include "cli/weights.h"

namespace narrow {
namespace {

/// Says which ops of a file that was refused are at fault, if the file says which it has; the exit code.
Result<int> explain_refusal(const std::string& path, Error error, bool json) {
  auto const types = coverage(path);
  if (error.kind != ErrorKind::unsupported || !types || types->empty()) return tl::unexpected(std::move(error));
  if (!json) {
    fmt::print("{}", coverage_text(*types));
    return tl::unexpected(std::move(error));
  }
  error = as_shown(std::move(error));
  print_error(error);
  JsonWriter out;
  write_coverage(out.begin_object(), *types);
  write_error(out, error);
  print_json(out.end_object());
  return exit_code(error.kind);
}

Result<int> inspect_command(Options& options) {
  std::string path, signature;
  ModelArguments dimensions;
  bool json = false, weights = false;
  options.positional("MODEL", &path, "a .tflite file, or a .nstat file of statistics");
  declare_signature(options, signature, "show the graph of this signature first");
  declare_dimensions(options, dimensions);
  options.flag("--weights", &weights, "a histogram of the values of each constant, and outlier channels");
  options.wide();
  options.flag("--json", &json, "one JSON object instead of tables");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(bool const statistics, holds_statistics(path));
  if (statistics) {
    NARROW_CHECK(print_statistics(path, json));
    return kDone;
  }
  NARROW_TRY(LoadOptions const fixed, load_options(dimensions));
  auto inspected = inspect_file(path, fixed, signature);
  if (!inspected) return explain_refusal(path, std::move(inspected.error()), json);
  const ModelInfo& info = *inspected;
  NARROW_TRY(std::vector<OpCoverage> const types, coverage(path));
  std::vector<WeightHistogram> histograms;
  if (weights && !info.contradiction) {
    NARROW_TRY(ModelPtr const model, load(path, fixed));
    NARROW_TRY(histograms, weight_histograms(*model));
  }
  if (json) {
    JsonWriter out;
    write_model(out.begin_object(), info);
    write_coverage(out, types);
    if (weights) write_weights(out.key("weights"), histograms);
    std::puts(out.end_object().text().c_str());
  } else {
    fmt::print("{}", model_text(info));
    if (!types.empty()) fmt::print("\n{}", coverage_text(types));
    if (weights) fmt::print("\n{}", weights_text(histograms));
  }
  return kDone;
}

}  // namespace

constexpr Command kInspectCommand{
    .name = "inspect",
    .summary = "Says what is in a model: inputs, outputs, ops with shapes and types, parameters, MACs, bytes",
    .examples = {"narrow inspect model.tflite", "narrow inspect statistics.nstat"},
    .run = inspect_command,
};

}  // namespace narrow
