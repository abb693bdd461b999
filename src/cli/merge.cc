#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "calibrate/nstat.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"

namespace narrow {
namespace {

Result<int> merge_command(Options& options) {
  std::vector<std::string> parts;
  std::string output;
  bool json = false;
  options.positionals("S", &parts, "statistics of parts of one data set (.nstat)");
  options.required_text("-o", "S.nstat", &output, "where the joined statistics go");
  options.flag("--json", &json, "one JSON object instead of text");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(Statistics all, read_statistics(parts.front()));
  for (size_t i = 1; i < parts.size(); ++i) {
    NARROW_TRY(Statistics part, read_statistics(parts[i]));
    auto both = merge(std::move(all), part);
    if (!both) return pass(std::move(both), parts[i]);
    all = std::move(*both);
  }
  NARROW_CHECK(write_statistics(output, all));
  if (json)
    print_json({{"output", output}, {"samples", all.samples.count()}, {"tensors", all.tensors.size()}});
  else
    fmt::print("{}: {} tensors over {} samples\n", output, all.tensors.size(), all.samples.count());
  return kDone;
}

}  // namespace

constexpr Command kMergeCommand{
    .name = "merge",
    .summary = "Joins statistics of parts of a data set, bit for bit what one run over all of it gives",
    .examples = {"narrow merge part1.nstat part2.nstat -o model.nstat", "narrow merge parts/*.nstat -o model.nstat"},
    .run = merge_command,
};

}  // namespace narrow
