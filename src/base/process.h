// Running another program: its words, a limit of time, and what it said.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "narrow/result.h"

namespace narrow {

struct ProcessEnd {
  int start_error = 0;  // the errno of a program that could not be started; 0: it ran
  int status = 0;       // its exit code; 128 + the signal that ended it
  bool timed_out = false;
  std::string output;  // the first 64 kB of standard output and error, as they came
};

/// Runs words[0], found in PATH or a path, with the other words as arguments, no shell and nothing on standard input,
/// and waits for its end. At `deadline`, or when `cancel` (may be null) is set, it is killed with the processes that it
/// started. Errors: cancelled; io where the system has no pipe for it.
Result<ProcessEnd> run_process(const std::vector<std::string>& words, std::chrono::steady_clock::time_point deadline,
                               const std::atomic<bool>* cancel);

}  // namespace narrow
