// Seeds as files, for libFuzzer.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "fuzz.h"

namespace narrow {

/// Writes the seeds into a folder that is there; an exit code.
inline int write_seeds(const std::string& folder) {
  size_t i = 0;
  for (const std::string& seed : fuzz_seeds())
    if (!(std::ofstream(folder + "/seed" + std::to_string(i++), std::ios::binary) << seed)) return 5;
  return 0;
}

}  // namespace narrow
