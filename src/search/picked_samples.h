// PickedSamples: some samples of a data set, by number.
#pragma once

#include <utility>
#include <vector>

#include "graph/model.h"
#include "graph/samples.h"

namespace narrow {

/// Samples of `all` for a run of `graph`, in the order of `numbers`. Both references outlive it.
class PickedSamples final : public Samples {
 public:
  PickedSamples(const Samples& all, const Graph& graph, std::vector<int64_t> numbers)
      : all_(all), graph_(graph), numbers_(std::move(numbers)) {}

  int64_t size() const override { return static_cast<int64_t>(numbers_.size()); }
  Status read(int64_t first, int count, size_t input, std::byte* out) const override;
  uint64_t fingerprint() const override { return all_.fingerprint(); }

 private:
  const Samples& all_;
  const Graph& graph_;
  std::vector<int64_t> numbers_;
};

}  // namespace narrow
