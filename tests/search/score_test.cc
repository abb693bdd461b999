// Which way of rounding is preferred, by labels and by noise, and what counts as chance.
#include "search/score.h"

#include <gtest/gtest.h>

namespace narrow {
namespace {

constexpr size_t kSamples = 400;

/// `right` samples from `from` on are right, all have the same noise.
SampleScores scores(size_t from, size_t right, double noise) {
  SampleScores out(kSamples);
  for (size_t i = 0; i < kSamples; ++i) out[i] = {i >= from && i < from + right, true, noise};
  return out;
}

size_t preferred_of(const std::vector<SampleScores>& ways) {
  return preferred(ways);
}

TEST(Preferred, a_few_samples_more_are_chance) {
  // Nine of nine that differ are three deviations, four of four are two.
  EXPECT_EQ(preferred_of({scores(0, 300, 1), scores(0, 309, 2)}), 1U);
  EXPECT_EQ(preferred_of({scores(0, 300, 1), scores(0, 304, 2)}), 0U);
  EXPECT_EQ(preferred_of({scores(0, 300, 2), scores(0, 296, 1)}), 1U);
  EXPECT_EQ(preferred_of({scores(0, 300, 2), scores(0, 291, 1)}), 0U);
}

TEST(Preferred, samples_lost_count_against_those_gained) {
  EXPECT_EQ(preferred_of({scores(0, 300, 1), scores(80, 320, 2)}), 0U);  // 100 gained, 80 lost
  EXPECT_EQ(preferred_of({scores(0, 300, 1), scores(50, 350, 2)}), 1U);  // 100 gained, 50 lost
}

TEST(Preferred, the_least_noise_of_the_accurate_ones) {
  EXPECT_EQ(preferred_of({scores(0, 300, 4), scores(0, 298, 2), scores(0, 301, 3), scores(0, 200, 1)}), 1U);
}

TEST(Preferred, the_first_of_equal_ones) {
  EXPECT_EQ(preferred_of({scores(0, 300, 1), scores(0, 300, 1)}), 0U);
  EXPECT_EQ(preferred_of({scores(0, 0, 0)}), 0U);
}

TEST(WorseIn, nothing_may_be_lost) {
  SampleScores const widest = scores(0, 300, 2);
  EXPECT_EQ(worse_in(scores(0, 300, 1), widest), "");
  EXPECT_EQ(worse_in(scores(0, 301, 1), widest), "");
  EXPECT_NE(worse_in(scores(0, 299, 1), widest), "");
  EXPECT_EQ(worse_in(scores(0, 310, 2), widest), "error");
  SampleScores strange = scores(0, 300, 1);
  strange[7].agreed = false;
  EXPECT_EQ(worse_in(strange, widest), "agreement");
}

}  // namespace
}  // namespace narrow
