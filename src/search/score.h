// Scores: how well the outputs of a model are kept, sample by sample, and which of several candidates keeps them best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace narrow {

/// How the outputs for one sample came out.
struct SampleScore {
  bool right = false;   // top-1: the largest value of the first output is that of the label; false without labels
  bool agreed = false;  // the largest value of the first output is where the float model has it
  double noise = 0;     // sum of squared differences from the float outputs
};

/// By sample. Scores that are compared are of the same samples in the same order.
using SampleScores = std::vector<SampleScore>;

/// The sums over all samples.
struct Score {
  int64_t right = 0;
  int64_t agreed = 0;
  double noise = 0;
};

Score sum_of(const SampleScores& scores);

/// The index of the candidate to prefer, of at least one, with at least one sample. First, candidates are dropped that
/// get fewer samples right than the one with most, if the difference is more than two standard deviations of chance;
/// then those that agree on fewer samples, likewise. Of the remaining ones the first with the least noise is preferred.
size_t preferred(std::span<const SampleScores> candidates);

/// In what `a` is not better than `b`: "accuracy" and "agreement" where it has fewer samples right or agreed, "error"
/// where it has not less noise, joined by ", ". Empty where it is better in all respects.
std::string worse_in(const SampleScores& a, const SampleScores& b);

}  // namespace narrow
