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
  int64_t sequence = 0;          // so many samples belong together, and the rest at the end; 0: none do

  /// How many samples one worker takes at a time.
  int64_t share() const { return sequence > 0 ? sequence : batch; }
  /// Whether what comes before sample `first`, the first of a batch, has nothing to do with it.
  bool begins(int64_t first) const { return first % share() == 0; }
  /// How many workers there will be: no more than there is work for.
  int workers() const;
};

/// Calls `work(worker, first, count)` for every batch [first, first + count), worker in [0, workers()); one worker is
/// never called twice at once. Batches are handed out in rising order; those of a sequence go to one worker, which
/// runs them in order, and no batch goes beyond the end of its sequence. An error ends its sequence and the handing
/// out; that of the lowest sample is returned. So does a cancel flag that is set (base/cancel.h).
Status for_each_batch(const Batches& batches, const std::function<Status(int, int64_t, int)>& work);

}  // namespace narrow
