#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/table.h"
#include "verify/runtime.h"
#include "verify/support.h"
#include "verify/verify.h"

namespace narrow {
namespace {

/// Names of what runs an op at a width, narrow first.
std::vector<std::string> runners(const OpDef& op, Width width) {
  std::vector<std::string> names;
  if (narrow_has(op, width)) names.emplace_back("narrow");
  for (const Runtime* r : all_runtimes())
    if (!r->rows.empty() && runtime_has(*r, op, width)) names.emplace_back(r->name);
  return names;
}

nlohmann::ordered_json ops_json() {
  auto ops = nlohmann::ordered_json::array();
  for (const OpDef* op : all_ops()) {
    nlohmann::ordered_json row{{"op", op->name}};
    for (Width const w : all_widths()) row[to_string(w)] = runners(*op, w);
    ops.push_back(std::move(row));
  }
  return {{"ops", std::move(ops)}};
}

std::string ops_text() {
  std::vector<std::string> headings{"op"};
  for (Width const w : all_widths()) headings.emplace_back(to_string(w));
  Table table(std::move(headings));
  for (const OpDef* op : all_ops()) {
    std::vector<std::string> cells{op->name};
    for (Width const w : all_widths()) cells.push_back(fmt::format("{}", fmt::join(runners(*op, w), " ")));
    table.row(std::move(cells));
  }
  return table.text();
}

Result<int> ops_command(Options& options) {
  bool markdown = false, json = false;
  options.flag("--markdown", &markdown, "as a page, which is docs/support.md");
  options.flag("--json", &json, "one JSON object instead of a table");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  if (json) {
    print_json(ops_json());
  } else {
    fmt::print("{}", markdown ? support_markdown() : ops_text());
  }
  return kDone;
}

}  // namespace

constexpr Command kOpsCommand{
    .name = "ops",
    .summary = "Lists the ops that narrow knows, and which runtimes run them at each width",
    .examples = {"narrow ops --json", "narrow ops --markdown > support.md"},
    .run = ops_command,
};

}  // namespace narrow
