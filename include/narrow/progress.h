// Progress: how far a long piece of work is. The worker counts; whoever started it may look, from another thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace narrow {

struct Progress {
  std::atomic<int64_t> done{0};
  std::atomic<int64_t> total{0};  // 0: not known
};

}  // namespace narrow
