// Subsample: evenly spaced samples of a data set.
#pragma once

#include "graph/model.h"
#include "graph/samples.h"

namespace narrow {

/// `count` of the first `of` samples of a data set, 1 <= count <= of <= all.size(), for a run of `graph`. Both
/// references outlive it.
class Subsample final : public Samples {
 public:
  Subsample(const Samples& all, const Graph& graph, int64_t count, int64_t of)
      : all_(all), graph_(graph), count_(count), of_(of) {}

  /// The number that sample k has in the data set.
  int64_t source(int64_t k) const { return count_ == of_ ? k : k * of_ / count_; }

  int64_t size() const override { return count_; }
  Status read(int64_t first, int count, size_t input, std::byte* out) const override;
  uint64_t fingerprint() const override { return all_.fingerprint(); }

 private:
  const Samples& all_;
  const Graph& graph_;
  int64_t count_;
  int64_t of_;
};

}  // namespace narrow
