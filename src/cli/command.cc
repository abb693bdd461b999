#include "cli/command.h"

#include <algorithm>

namespace narrow {
namespace {

constexpr const Command* kCommands[] = {
    &kInspectCommand, &kCalibrateCommand, &kMergeCommand,      &kFitCommand,     &kQuantizeCommand,
    &kRunCommand,     &kEvaluateCommand,  &kExportCommand,     &kConvertCommand, &kCompileCommand,
    &kVerifyCommand,  &kOpsCommand,       &kCompletionCommand, &kManCommand,
};

}  // namespace

std::span<const Command* const> all_commands() {
  return kCommands;
}

const Command* find_command(std::string_view name) {
  auto const* const found =
      std::ranges::find(kCommands, name, [](const Command* c) { return std::string_view(c->name); });
  return found == std::end(kCommands) ? nullptr : *found;
}

std::vector<Options::Item> items_of(const Command& command) {
  std::vector<Options::Item> items;
  Options options(command, {});
  options.collect_into(&items);
  auto const ended = command.run(options);  // parsing hands the items over, and the command ends as after --help
  return ended ? items : std::vector<Options::Item>{};
}

}  // namespace narrow
