// Cost: what a command took, for its report.
#pragma once

#include <chrono>
#include <cstdint>

namespace narrow {

class Cost {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The most memory this process has had resident so far, in bytes.
int64_t peak_resident_bytes();

}  // namespace narrow
