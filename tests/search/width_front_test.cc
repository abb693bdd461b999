// Widths of layers under a budget: the front beside all choices there are.
#include "search/width_front.h"

#include <gtest/gtest.h>

#include <set>

#include "random.h"

namespace narrow {
namespace {

using Layers = std::vector<std::vector<WidthOption>>;

/// All choices of an option for each layer, as sums.
std::vector<FrontPoint> all_choices(const Layers& layers) {
  std::vector<FrontPoint> out(1);
  for (auto const& options : layers) {
    std::vector<FrontPoint> next;
    for (auto const& p : out)
      for (auto const& o : options) next.push_back({p.bytes + o.bytes, p.noise + o.noise, {}});
    out = std::move(next);
  }
  return out;
}

Layers random_layers(Random& random, int count) {
  Layers out(static_cast<size_t>(count));
  for (auto& options : out) {
    int const n = 1 + static_cast<int>(random.between(0, 3));
    // Whole numbers, so that sums are exact in any order.
    for (int k = 0; k < n; ++k) options.push_back({random.between(0, 39), static_cast<double>(random.between(0, 39))});
  }
  return out;
}

TEST(WidthFront, is_what_no_choice_beats) {
  Random random;
  for (int round = 0; round < 200; ++round) {
    Layers const layers = random_layers(random, 1 + round % 7);
    auto const front = width_front(layers);
    std::set<std::pair<int64_t, double>> expected, found;
    auto const all = all_choices(layers);
    for (auto const& p : all) {
      bool beaten = false;
      for (auto const& q : all)
        beaten = beaten || (q.bytes <= p.bytes && q.noise <= p.noise && (q.bytes < p.bytes || q.noise < p.noise));
      if (!beaten) expected.emplace(p.bytes, p.noise);
    }
    for (auto const& p : front) {
      FrontPoint sum;
      ASSERT_EQ(p.options.size(), layers.size());
      for (size_t l = 0; l < layers.size(); ++l) {
        sum.bytes += layers[l][p.options[l]].bytes;
        sum.noise += layers[l][p.options[l]].noise;
      }
      EXPECT_EQ(sum.bytes, p.bytes);
      EXPECT_EQ(sum.noise, p.noise);
      EXPECT_TRUE(found.emplace(p.bytes, p.noise).second);
    }
    EXPECT_EQ(found, expected);
  }
}

TEST(WidthFront, stays_small_and_near_the_best) {
  Random random;
  Layers layers(60);
  for (auto& options : layers)
    options = {{random.between(1000, 100000), 0},
               {random.between(1, 900), static_cast<double>(random.between(1, 1000))}};
  auto const some = width_front(layers, 256), more = width_front(layers, 4096);
  EXPECT_LE(some.size(), 256U);
  EXPECT_LE(more.size(), 4096U);
  EXPECT_EQ(some.front().bytes, more.front().bytes);
  EXPECT_EQ(some.back().noise, 0);
  for (size_t k = 1; k < more.size(); ++k) {
    EXPECT_GT(more[k].bytes, more[k - 1].bytes);
    EXPECT_LT(more[k].noise, more[k - 1].noise);
  }
}

TEST(Spread, has_both_ends_and_equal_steps_between) {
  std::vector<FrontPoint> front;
  double noise = 1;
  for (int64_t k = 0; k < 101; ++k, noise *= 0.9) front.push_back({k, noise, {}});
  auto const some = spread(front, 11);
  ASSERT_EQ(some.size(), 11U);
  for (size_t k = 0; k < some.size(); ++k)
    EXPECT_NEAR(static_cast<double>(some[k].bytes), 10.0 * static_cast<double>(k), 1);
  EXPECT_EQ(spread(front, 200).size(), front.size());
  EXPECT_EQ(spread({front[0]}, 5).size(), 1U);
  EXPECT_EQ(spread({front[0], front[1]}, 2).size(), 2U);
}

}  // namespace
}  // namespace narrow
