#include "search/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace narrow {
namespace {

constexpr double kDeviations = 2;

/// Whether `fact` holds for more samples of `a` than of `b`, by more than chance (McNemar's test): if each of the
/// samples that differ had been gained or lost by the toss of a coin, the variance of the difference would be their
/// number.
bool more(const SampleScores& a, const SampleScores& b, bool SampleScore::*fact) {
  int64_t gained = 0, lost = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    gained += a[i].*fact && !(b[i].*fact);
    lost += b[i].*fact && !(a[i].*fact);
  }
  return static_cast<double>(gained - lost) > kDeviations * std::sqrt(static_cast<double>(gained + lost));
}

}  // namespace

Score sum_of(const SampleScores& scores) {
  Score out;
  for (const SampleScore& s : scores) {
    out.right += s.right;
    out.agreed += s.agreed;
    out.noise += s.noise;
  }
  return out;
}

size_t preferred(std::span<const SampleScores> candidates) {
  std::vector<Score> sums;
  for (const SampleScores& c : candidates) sums.push_back(sum_of(c));
  std::vector<size_t> left(candidates.size());
  std::iota(left.begin(), left.end(), size_t{0});
  auto drop = [&](bool SampleScore::*fact, int64_t Score::*sum) {
    size_t const most =
        *std::max_element(left.begin(), left.end(), [&](size_t a, size_t b) { return sums[a].*sum < sums[b].*sum; });
    std::erase_if(left, [&](size_t i) { return more(candidates[most], candidates[i], fact); });
  };
  drop(&SampleScore::right, &Score::right);
  drop(&SampleScore::agreed, &Score::agreed);
  return *std::min_element(left.begin(), left.end(), [&](size_t a, size_t b) { return sums[a].noise < sums[b].noise; });
}

std::string worse_in(const SampleScores& a, const SampleScores& b) {
  Score const x = sum_of(a), y = sum_of(b);
  std::string out;
  auto add = [&](bool worse, const char* what) {
    if (worse) out += (out.empty() ? "" : ", ") + std::string(what);
  };
  add(x.right < y.right, "accuracy");
  add(x.agreed < y.agreed, "agreement");
  add(!(x.noise < y.noise), "error");
  return out;
}

}  // namespace narrow
