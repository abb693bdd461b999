// TensorObserver: collects the statistics of one tensor from the values of batches.
#pragma once

#include <optional>
#include <span>

#include "calibrate/scan.h"
#include "calibrate/statistics.h"

namespace narrow {

/// The first value that is not finite in a batch.
struct NonFinite {
  size_t sample = 0;  // within the batch
  float value = 0;
};

/// One for each tensor and worker; their results are merged.
class TensorObserver {
 public:
  TensorObserver(TensorStatistics named, const StatisticsKind& kind) : result_(std::move(named)), kind_(kind) {}

  /// Adds the values of the samples `numbers`, `each` values per sample, one sample after the other. A tensor of a
  /// graph that an op runs may be added several times in a row for one sample. Where a value is not finite and the kind
  /// does not skip such values, nothing is added and the first such value is returned.
  std::optional<NonFinite> add(const float* values, size_t each, std::span<const int64_t> numbers, Tally& tally);

  /// Returns the statistics of what has been added, which were the samples `seen`, and starts anew.
  TensorStatistics take(const SampleSet& seen);

 private:
  void add_finite(const float* values, size_t each, std::span<const int64_t> numbers, const Extent& extent,
                  Tally& tally);
  void add_any(const float* values, size_t each, int64_t number);
  void widen(const Extent& extent);
  void remember(int64_t number, const Extent& extent);

  TensorStatistics result_;
  StatisticsKind kind_;
};

}  // namespace narrow
