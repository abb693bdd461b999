#include "cli/cost.h"

#include <sys/resource.h>

#include <fstream>
#include <string>

namespace narrow {

// Linux carries ru_maxrss over from the process that started this one; the high-water mark of the address space is
// this program's own.
int64_t peak_resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * int64_t{1024};
}

}  // namespace narrow
