// Batches: work over many samples, shared out among threads.
#pragma once

#include <cstdint>
#include <functional>

#include "base/progress.h"
#include "base/result.h"

namespace narrow {

struct Batches {
  int64_t samples = 0;
  int batch = 1;                 // samples at a time
  int threads = 1;               // at most so many workers
  Progress* progress = nullptr;  // counts samples; may be null

  /// How many workers there will be: no more than batches.
  int workers() const;
};

/// Calls `work(worker, first, count)` for every batch [first, first + count), in rising order, worker in
/// [0, workers()); one worker is never called twice at once. An error stops the handing out; that of the lowest sample
/// is returned.
Status for_each_batch(const Batches& batches, const std::function<Status(int, int64_t, int)>& work);

}  // namespace narrow
