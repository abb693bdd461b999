#include "calibrate/summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace narrow {
namespace {

TensorStatistics of(const std::vector<float>& values) {
  TensorStatistics out;
  for (float v : values) {
    out.histogram.add(Histogram::bin_of(v), 1);
    out.min = std::min(out.min, v), out.max = std::max(out.max, v);
    ++out.count;
  }
  return out;
}

TEST(Summary, OfEvenlySpreadValues) {
  std::vector<float> values;
  for (int i = -8000; i < 8000; ++i) values.push_back((static_cast<float>(i) + 0.5F) / 8000);
  StatisticsSummary const s = summarize(of(values));
  EXPECT_NEAR(s.mean, 0, 0.01);
  EXPECT_NEAR(s.deviation, 1 / std::sqrt(3), 0.01);
  EXPECT_EQ(s.outliers, 0U);
  EXPECT_NEAR(s.lo, -1, 0.01);
  EXPECT_NEAR(s.hi, 1, 0.01);
  ASSERT_EQ(s.counts.size(), static_cast<size_t>(kSummaryParts));
  EXPECT_EQ(std::accumulate(s.counts.begin(), s.counts.end(), uint64_t{0}), 16000U);
  for (uint64_t n : s.counts) EXPECT_NEAR(static_cast<double>(n), 500, 150);
}

TEST(Summary, FindsOutliersAndLeavesThemOutOfTheRange) {
  std::vector<float> values;
  for (int i = 0; i < 100'000; ++i) values.push_back(static_cast<float>(i % 200) / 100 - 1);
  values.insert(values.end(), 3, 500.0F);
  StatisticsSummary const s = summarize(of(values));
  EXPECT_EQ(s.outliers, 3U);
  EXPECT_NEAR(s.hi, 1, 0.02);
  EXPECT_EQ(s.counts.front(), 100'000U);
  EXPECT_EQ(s.counts.back(), 3U);
}

TEST(Summary, OfOneValue) {
  StatisticsSummary const s = summarize(of({2, 2, 2}));
  EXPECT_EQ(s.deviation, 0);
  EXPECT_EQ(s.lo, 2);
  EXPECT_EQ(s.hi, 2);
  EXPECT_EQ(s.counts.front(), 3U);
}

}  // namespace
}  // namespace narrow
