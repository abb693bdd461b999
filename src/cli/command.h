// Command: one subcommand. Each has a file of its own; main.cc lists them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "narrow/result.h"

namespace narrow {

struct Command {
  const char* name;
  const char* summary;      // one line, for `narrow --help`
  const char* examples[2];  // whole command lines; `--help` ends with them
  /// Declares its options, parses them and does the work; the value is the exit code, 0 or 1 (a check failed).
  Result<int> (*run)(Options& options);
};

extern const Command kInspectCommand;
extern const Command kCalibrateCommand;
extern const Command kMergeCommand;
extern const Command kFitCommand;
extern const Command kQuantizeCommand;
extern const Command kRunCommand;
extern const Command kEvaluateCommand;
extern const Command kExportCommand;
extern const Command kConvertCommand;
extern const Command kCompileCommand;
extern const Command kVerifyCommand;
extern const Command kOpsCommand;
extern const Command kCompletionCommand;
extern const Command kManCommand;

/// All commands, in the order in which a model goes through them.
std::span<const Command* const> all_commands();

/// The command of that name, or null.
const Command* find_command(std::string_view name);

/// The options and arguments that a command declares, in the order of its help, with those that all commands take.
std::vector<Options::Item> items_of(const Command& command);

}  // namespace narrow
