// SampleSet: which samples of a data set have been seen.
#pragma once

#include <cstdint>
#include <vector>

namespace narrow {

/// A set of sample numbers, one bit each up to the largest.
class SampleSet {
 public:
  void insert(int64_t sample);
  bool contains(int64_t sample) const;
  int64_t count() const;
  /// The smallest number that is in both sets, or -1.
  int64_t first_common(const SampleSet& other) const;
  void merge(const SampleSet& other);
  /// All numbers, rising.
  std::vector<int64_t> list() const;

  bool operator==(const SampleSet&) const = default;

  std::vector<uint64_t> words;  // sample k is bit k % 64 of word k / 64; the last word is not zero
};

}  // namespace narrow
