// Command: one subcommand. Each has a file of its own; main.cc lists them.
#pragma once

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
extern const Command kQuantizeCommand;
extern const Command kRunCommand;
extern const Command kEvaluateCommand;
extern const Command kExportCommand;
extern const Command kCompileCommand;
extern const Command kVerifyCommand;
extern const Command kOpsCommand;

}  // namespace narrow
