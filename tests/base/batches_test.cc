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

TEST(Batches, ASequenceGoesToOneWorker) {
  for (int threads : {1, 3}) {
    Batches const batches{.samples = 53, .batch = 4, .threads = threads, .sequence = 10};
    std::vector<int> worker_of(53);
    std::vector<std::atomic<int64_t>> next(6);  // by sequence
    ASSERT_TRUE(for_each_batch(batches, [&](int worker, int64_t first, int count) -> Status {
      auto const sequence = static_cast<size_t>(first / 10);
      EXPECT_EQ(first, static_cast<int64_t>(sequence) * 10 + next[sequence]);
      EXPECT_EQ(batches.begins(first), next[sequence] == 0);
      next[sequence] += count;
      for (int64_t k = first; k < first + count; ++k) worker_of[static_cast<size_t>(k)] = worker;
      return {};
    }));
    for (size_t k = 0; k < 53; ++k) EXPECT_EQ(worker_of[k], worker_of[k / 10 * 10]);
    for (size_t s = 0; s < 6; ++s) EXPECT_EQ(next[s], s < 5 ? 10 : 3);
  }
  EXPECT_EQ((Batches{.samples = 20, .threads = 16, .sequence = 8}.workers()), 3);
}

TEST(Batches, NoMoreWorkersThanBatches) {
  EXPECT_EQ((Batches{.samples = 20, .batch = 8, .threads = 16}.workers()), 3);
  EXPECT_EQ((Batches{.samples = 0, .batch = 8, .threads = 16}.workers()), 1);
}

}  // namespace
}  // namespace narrow
