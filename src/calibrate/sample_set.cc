#include "calibrate/sample_set.h"

#include <algorithm>
#include <bit>

namespace narrow {

void SampleSet::insert(int64_t sample) {
  auto const word = static_cast<size_t>(sample / 64);
  if (words.size() <= word) words.resize(word + 1);
  words[word] |= uint64_t{1} << (sample % 64);
}

bool SampleSet::contains(int64_t sample) const {
  auto const word = static_cast<size_t>(sample / 64);
  return word < words.size() && (words[word] >> (sample % 64) & 1) != 0;
}

int64_t SampleSet::count() const {
  int64_t n = 0;
  for (uint64_t w : words) n += std::popcount(w);
  return n;
}

int64_t SampleSet::first_common(const SampleSet& other) const {
  for (size_t i = 0; i < std::min(words.size(), other.words.size()); ++i)
    if (uint64_t const both = words[i] & other.words[i]) return static_cast<int64_t>(64 * i) + std::countr_zero(both);
  return -1;
}

void SampleSet::merge(const SampleSet& other) {
  if (words.size() < other.words.size()) words.resize(other.words.size());
  for (size_t i = 0; i < other.words.size(); ++i) words[i] |= other.words[i];
}

std::vector<int64_t> SampleSet::list() const {
  std::vector<int64_t> out;
  for (size_t i = 0; i < words.size(); ++i)
    for (uint64_t w = words[i]; w != 0; w &= w - 1) out.push_back(static_cast<int64_t>(64 * i) + std::countr_zero(w));
  return out;
}

}  // namespace narrow
