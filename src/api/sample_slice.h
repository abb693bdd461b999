// SampleSlice: consecutive samples of a data set.
#pragma once

#include <memory>
#include <utility>

#include "graph/samples.h"

namespace narrow {

/// Samples [first, end) of `all`, 0 <= first <= end <= all->size(), numbered from 0.
class SampleSlice final : public Samples {
 public:
  SampleSlice(std::shared_ptr<const Samples> all, int64_t first, int64_t end)
      : all_(std::move(all)), first_(first), end_(end) {}

  int64_t size() const override { return end_ - first_; }
  Status read(int64_t first, int count, size_t input, std::byte* out) const override {
    return all_->read(first_ + first, count, input, out);
  }
  uint64_t fingerprint() const override { return all_->fingerprint(); }

 private:
  std::shared_ptr<const Samples> all_;
  int64_t first_;
  int64_t end_;
};

}  // namespace narrow
