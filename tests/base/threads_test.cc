#include "base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>

namespace narrow {
namespace {

TEST(RunOnThreads, CallsEachWorkerOnce) {
  std::atomic<int> sum{0};
  run_on_threads(8, [&](int worker) { sum += 1 << worker; });
  EXPECT_EQ(sum, 255);
}

TEST(RunOnThreads, ThrowsWhatLeavesACallOnceAllHaveEnded) {
  std::atomic<int> ended{0};
  auto run = [&] {
    run_on_threads(4, [&](int worker) {
      if (worker == 3) throw std::bad_alloc();
      ++ended;
    });
  };
  EXPECT_THROW(run(), std::bad_alloc);
  EXPECT_EQ(ended, 3);
}

}  // namespace
}  // namespace narrow
