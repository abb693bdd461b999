// Subsample: evenly spaced samples of a data set, or sequences of samples.
#pragma once

#include <algorithm>

#include "graph/model.h"
#include "graph/samples.h"

namespace narrow {

/// At most `count` of the first `of` samples of a data set, 1 <= count <= of <= all.size(), for a run of `graph`. Where
/// each `sequence` samples, if not 0, are a sequence in time: as many whole sequences as fit, or the start of the
/// first. Both references outlive it.
class Subsample final : public Samples {
 public:
  Subsample(const Samples& all, const Graph& graph, int64_t count, int64_t of, int64_t sequence = 0)
      : all_(all),
        graph_(graph),
        together_(count == of || sequence > count ? count : std::max<int64_t>(sequence, 1)),
        groups_(count / together_),
        of_groups_(together_ == count ? 1 : of / together_) {}

  /// The number that sample k has in the data set.
  int64_t source(int64_t k) const { return k / together_ * of_groups_ / groups_ * together_ + k % together_; }

  int64_t size() const override { return groups_ * together_; }
  Status read(int64_t first, int count, size_t input, std::byte* out) const override;
  uint64_t fingerprint() const override { return all_.fingerprint(); }

 private:
  const Samples& all_;
  const Graph& graph_;
  int64_t together_;   // samples that follow each other in the data set too
  int64_t groups_;     // of so many samples; evenly spaced
  int64_t of_groups_;  // among so many
};

}  // namespace narrow
