// For builds without other processes (NARROW_PROCESSES is off).
#include "base/process.h"

namespace narrow {

Result<ProcessEnd> run_process(const std::vector<std::string>& words, std::chrono::steady_clock::time_point,
                               const std::atomic<bool>*) {
  return fail(ErrorKind::unsupported, "this build of narrow runs no other programs", words.empty() ? "" : words[0],
              "another build of narrow does, as that for the command line");
}

}  // namespace narrow
