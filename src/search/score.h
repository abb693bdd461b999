// How well outputs are kept, sample by sample, and which of several ways of rounding keeps them best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace narrow {

/// What became of the outputs of one sample.
struct SampleScore {
  bool right = false;   // the largest value of the first output is the label's; false without labels
  bool agreed = false;  // or is where the float one has its largest
  double noise = 0;     // sum of squared differences from the float outputs
};

/// By sample, the same samples in the same order for all that are compared.
using SampleScores = std::vector<SampleScore>;

/// Over all samples.
struct Score {
  int64_t right = 0;
  int64_t agreed = 0;
  double noise = 0;
};

Score sum_of(const SampleScores& scores);

/// Which of several ways to prefer. Those that get fewer samples right than the one with most are out, if by more than
/// two standard deviations of chance; then those that agree on fewer, likewise; of the others the one with the least
/// noise, the first of equal ones. At least one way, and one sample.
size_t preferred(std::span<const SampleScores> ways);

/// Whether `a` is better than `b` and nothing speaks against it: as many samples right, as many agreed, and less noise.
bool surely_better(const SampleScores& a, const SampleScores& b);

}  // namespace narrow
