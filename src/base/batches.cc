#include "base/batches.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "base/cancel.h"
#include "base/threads.h"

namespace narrow {
namespace {

class Queue {
 public:
  explicit Queue(const Batches& batches) : batches_(batches) {}

  /// The first sample of the next batch or sequence; nothing where all are taken or one has failed.
  std::optional<int64_t> take() {
    if (failed_) return std::nullopt;
    int64_t const first = next_.fetch_add(batches_.share());
    return first < batches_.samples ? std::optional(first) : std::nullopt;
  }

  void report(int64_t first, Error error) {
    std::lock_guard const lock(mutex_);
    if (!error_ || first < at_) error_ = std::move(error), at_ = first;
    failed_ = true;
  }

  Status result() {
    if (error_) return tl::unexpected<Error>(std::move(*error_));
    return {};
  }

 private:
  const Batches& batches_;
  std::atomic<int64_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::optional<Error> error_;
  int64_t at_ = 0;
};

}  // namespace

int Batches::workers() const {
  int64_t const needed = samples / share() + (samples % share() > 0 ? 1 : 0);
  return static_cast<int>(std::clamp<int64_t>(needed, 1, std::max(threads, 1)));
}

Status for_each_batch(const Batches& batches, const std::function<Status(int, int64_t, int)>& work) {
  Queue queue(batches);
  if (batches.progress) batches.progress->total = batches.samples;
  auto run_share = [&](int worker, int64_t first) {
    int64_t const end = first + std::min(batches.share(), batches.samples - first);
    for (; first < end; first += batches.batch) {
      int const count = static_cast<int>(std::min<int64_t>(batches.batch, end - first));
      Status done = check_cancelled();
      if (done) done = work(worker, first, count);
      if (batches.progress) batches.progress->done += count;
      if (!done) return queue.report(first, std::move(done).error());
    }
  };
  auto run = [&](int worker) {
    while (auto const first = queue.take()) run_share(worker, *first);
  };
  run_on_threads(batches.workers(), run);
  return queue.result();
}

}  // namespace narrow
