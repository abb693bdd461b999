// Statistics: what calibration knows of every float tensor of a model. Merges bit for bit in any order and grouping.
//
//   NARROW_TRY(Statistics s, calibrate(model, *data, options));
//   const TensorStatistics* t = s.find(TensorRef{graph, index});
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/result.h"
#include "calibrate/exact_sum.h"
#include "calibrate/histogram.h"
#include "calibrate/sample_set.h"
#include "graph/model.h"

namespace narrow {

/// Smallest and largest value of a tensor in one sample; min > max where it had no finite value.
struct SampleRange {
  int64_t sample = 0;
  float min = 0;
  float max = 0;
  bool operator==(const SampleRange&) const = default;
};

/// NaN and infinities are counted and otherwise left out. A tensor of a body has the values of every run of the body.
struct TensorStatistics {
  TensorRef tensor;
  std::string name;
  uint64_t count = 0;  // finite values
  uint64_t zeros = 0;
  uint64_t nan = 0;
  uint64_t plus_infinity = 0;
  uint64_t minus_infinity = 0;
  float min = std::numeric_limits<float>::infinity();  // min > max where there is no finite value
  float max = -std::numeric_limits<float>::infinity();
  ExactSum sum;                      // of finite values, each sample's rounded to double; with histograms only
  Histogram histogram;               // where asked for
  std::vector<SampleRange> samples;  // where asked for; in order of samples

  bool empty() const { return count == 0; }
  double mean() const { return count == 0 ? 0 : sum.value() / static_cast<double>(count); }
  /// Joins statistics of the same tensor over other samples.
  void merge(const TensorStatistics& other);
  bool operator==(const TensorStatistics&) const = default;
};

/// What statistics were taken of and how; only equal ones can be merged.
struct StatisticsKind {
  uint64_t model = 0;       // fingerprint of the model
  uint64_t data = 0;        // fingerprint of the data set
  bool histograms = false;  // needed by percentile, mse and entropy
  bool per_sample = false;  // needed by moving-average
  bool skip_nonfinite = false;
  bool operator==(const StatisticsKind&) const = default;
};

struct Statistics {
  StatisticsKind kind;
  SampleSet samples;                      // seen so far
  std::vector<TensorStatistics> tensors;  // by rising graph and index
  std::string source = {};                // the file they were read from, for messages; no part of their value

  /// Statistics of a tensor, or null.
  const TensorStatistics* find(TensorRef tensor) const;
  /// Of the first tensor of that name.
  const TensorStatistics* find(const std::string& name) const;
  bool operator==(const Statistics& other) const {
    return kind == other.kind && samples == other.samples && tensors == other.tensors;
  }
};

/// Both together. bad_data where they are of different models, data or options, or share a sample.
Result<Statistics> merge(Statistics a, const Statistics& b);

/// Refuses (bad_data) unless both are of the same model, data and options, naming what differs.
Status check_same_kind(const StatisticsKind& a, const StatisticsKind& b);

}  // namespace narrow
