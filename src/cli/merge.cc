#include <fmt/format.h>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "narrow/calibrate.h"

namespace narrow {
namespace {

Result<int> merge_command(Options& options) {
  std::vector<std::string> paths;
  std::string output;
  std::optional<int64_t> shards;
  bool json = false;
  options.positionals("S", &paths, "statistics of parts of one data set (.nstat)");
  options.required_text("-o", "S.nstat", &output, "where the joined statistics go");
  options.count("--shards", "N", &shards, "these are all of N shards: refuse where one is missing",
                "parts of any kind");
  options.flag("--json", &json, "one JSON object instead of text");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  std::vector<StatisticsPtr> parts;
  for (const std::string& path : paths) {
    NARROW_TRY(StatisticsPtr part, load_statistics(path));
    parts.push_back(std::move(part));
  }
  NARROW_TRY(StatisticsPtr const all, merge(parts, shards.value_or(0)));
  NARROW_CHECK(save_statistics(*all, output));
  StatisticsSize const size = size_of(*all);
  if (json) {
    JsonWriter out;
    out.begin_object().member("output", output).member("samples", size.samples).member("tensors", size.tensors);
    print_json(out.end_object());
  } else {
    fmt::print("{}: {} tensors over {} samples\n", output, size.tensors, size.samples);
  }
  return kDone;
}

}  // namespace

constexpr Command kMergeCommand{
    .name = "merge",
    .summary = "Joins statistics of parts of a data set, bit for bit what one run over all of it gives",
    .examples = {"narrow merge part1.nstat part2.nstat -o model.nstat",
                 "narrow merge parts/*.nstat --shards 4 -o model.nstat"},
    .run = merge_command,
};

}  // namespace narrow
