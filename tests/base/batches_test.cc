#include "base/batches.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace narrow {
namespace {

TEST(Batches, EachSampleOnce) {
  for (int threads : {1, 2, 5}) {
    Progress progress;
    std::vector<std::atomic<int>> seen(103);
    Status done = for_each_batch({103, 10, threads, &progress}, [&](int worker, int64_t first, int count) -> Status {
      EXPECT_LT(worker, threads);
      for (int64_t k = first; k < first + count; ++k) ++seen[static_cast<size_t>(k)];
      return {};
    });
    EXPECT_TRUE(done);
    for (auto& n : seen) EXPECT_EQ(n, 1);
    EXPECT_EQ(progress.done, 103);
    EXPECT_EQ(progress.total, 103);
  }
}

TEST(Batches, FirstFailureIsReported) {
  for (int threads : {1, 4}) {
    Status done = for_each_batch({1000, 1, threads, nullptr}, [](int, int64_t first, int) -> Status {
      if (first >= 70) return fail(ErrorKind::bad_data, std::to_string(first));
      return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, "70");
  }
}

TEST(Batches, NoMoreWorkersThanBatches) {
  EXPECT_EQ((Batches{.samples = 20, .batch = 8, .threads = 16}.workers()), 3);
  EXPECT_EQ((Batches{.samples = 0, .batch = 8, .threads = 16}.workers()), 1);
}

}  // namespace
}  // namespace narrow
