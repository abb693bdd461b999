#include "calibrate/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "calibrate/nstat.h"
#include "calibrate/observe.h"
#include "data_files.h"

namespace narrow {
namespace {

using ::testing::HasSubstr;

std::vector<float> any_values(size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> v(n);
  for (float& x : v) {
    auto const bits = static_cast<uint32_t>(random());
    x = std::bit_cast<float>(bits);
    if (!std::isfinite(x) || bits % 3 == 0) x = bits % 2 == 0 ? 0.0F : -0.0F;
  }
  return v;
}

TEST(Scan, extent_agrees_with_plain_comparison_on_every_length) {
  auto const all = any_values(5000, 1);
  for (size_t n : {size_t{1}, size_t{2}, size_t{15}, size_t{16}, size_t{17}, size_t{63}, size_t{1000}, all.size()}) {
    Extent const e = extent_of(all.data(), n);
    EXPECT_EQ(value_of_key(e.lo), *std::min_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_EQ(value_of_key(e.hi), *std::max_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_EQ(e.zeros,
              static_cast<uint64_t>(std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), 0.0F)));
    EXPECT_TRUE(e.finite());
  }
}

TEST(Scan, a_value_that_is_not_finite_shows_wherever_it_is) {
  for (float bad : {NAN, -NAN, INFINITY, -INFINITY})
    for (size_t at = 0; at < 70; ++at) {
      std::vector<float> v(70, 1.0F);
      v[at] = bad;
      EXPECT_FALSE(extent_of(v.data(), v.size()).finite()) << at;
    }
  std::vector<float> const largest{3.4028235e38F, -3.4028235e38F};
  EXPECT_TRUE(extent_of(largest.data(), 2).finite());
}

TEST(Histogram, counts_are_exact_for_every_number_of_values) {
  Tally tally;
  for (size_t n :
       {size_t{0}, size_t{1}, size_t{255}, size_t{256}, size_t{1003}, size_t{50000}, size_t{262139}, size_t{600000}}) {
    for (bool const same : {false, true}) {
      auto v = same ? std::vector<float>(n, -1.5F) : any_values(n, static_cast<unsigned>(n));
      Histogram h;
      tally.count(v.data(), n, extent_of(v.data(), n), h);
      std::vector<uint64_t> expected(65536);
      for (float x : v) ++expected[std::bit_cast<uint32_t>(x) >> 16];
      for (uint32_t bin = 0; bin < 65536; ++bin) ASSERT_EQ(h.count(static_cast<uint16_t>(bin)), expected[bin]) << bin;
    }
  }
}

TEST(Histogram, sorted_bins_rise_and_cover_their_values) {
  std::vector<float> const v{-3, -2.5F, -0.0F, 0, 1e-30F, 0.75F, 6};
  Histogram h;
  for (float x : v) h.add(Histogram::bin_of(x), 1);
  auto const bins = sorted_bins(h, -3, 6);
  EXPECT_EQ(bins.front().lo, -3);
  EXPECT_EQ(bins.back().hi, 6);
  for (size_t i = 0; i < bins.size(); ++i) {
    EXPECT_LE(bins[i].lo, bins[i].hi);
    EXPECT_LE(i > 0 ? bins[i - 1].hi : -3, bins[i].lo);
  }
  auto const is_zero = [](const Bin& b) { return b.lo == 0 && b.hi == 0; };
  EXPECT_EQ(std::count_if(bins.begin(), bins.end(), is_zero), 2) << "zeros of both signs";
}

TEST(ExactSum, does_not_depend_on_order_and_grouping) {
  std::mt19937 random(7);
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) {
    double const v = std::ldexp(static_cast<double>(random()) - 2e9, static_cast<int>(random() % 200) - 140);
    values.push_back(v);
    if (i % 2 == 0) values.push_back(-v);
  }
  ExactSum forward;
  for (double v : values) forward.add(v);
  std::shuffle(values.begin(), values.end(), random);
  ExactSum left;
  ExactSum right;
  for (size_t i = 0; i < values.size(); ++i) (i < 700 ? left : right).add(values[i]);
  right.add(left);
  EXPECT_EQ(forward, right);
  for (double v : values) right.add(-v);
  EXPECT_EQ(right, ExactSum());
}

TEST(ExactSum, small_cases_have_their_value) {
  ExactSum s;
  EXPECT_EQ(s.value(), 0);
  s.add(-1e-45);
  EXPECT_EQ(s.value(), -1e-45);
  s.add(3e38);
  s.add(-3e38);
  EXPECT_EQ(s.value(), -1e-45);
  s.add(1e-45);
  s.add(0.1);
  s.add(0.25);
  EXPECT_DOUBLE_EQ(s.value(), 0.35);
}

constexpr size_t kEach = 300;
constexpr int64_t kSamples = 40;

std::vector<float> sample(int64_t number, bool with_nan) {
  auto v = any_values(kEach, static_cast<unsigned>(number) + 100);
  for (float& x : v)
    if (x != 0) x = std::ldexp(x, -std::ilogb(x) / 2);
  if (with_nan && number % 5 == 0) v[static_cast<size_t>(number)] = number % 2 == 0 ? NAN : INFINITY;
  return v;
}

/// Statistics of one tensor over the given samples, in batches of `batch`.
Statistics observe(const StatisticsKind& kind, std::vector<int64_t> numbers, size_t batch) {
  TensorStatistics named;
  named.tensor = {.graph = 0, .tensor = 3};
  named.name = "x";
  TensorObserver observer(named, kind);
  Tally tally;
  Statistics s;
  s.kind = kind;
  for (size_t at = 0; at < numbers.size(); at += batch) {
    auto const some = std::span(numbers).subspan(at, std::min(batch, numbers.size() - at));
    std::vector<float> values;
    for (int64_t n : some) {
      auto const v = sample(n, kind.skip_nonfinite);
      values.insert(values.end(), v.begin(), v.end());
      s.samples.insert(n);
    }
    EXPECT_FALSE(observer.add(values.data(), kEach, some, tally));
  }
  s.tensors.push_back(observer.take(s.samples));
  return s;
}

std::vector<StatisticsKind> kinds() {
  std::vector<StatisticsKind> out;
  for (int i = 0; i < 8; ++i) out.push_back({1, 2, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0});
  return out;
}

std::vector<int64_t> every(int64_t step, int64_t from) {
  std::vector<int64_t> out;
  for (int64_t k = from; k < kSamples; k += step) out.push_back(k);
  return out;
}

TEST(Statistics, merging_gives_the_bytes_of_one_run_in_any_partition_order_and_grouping) {
  std::mt19937 random(3);
  for (const StatisticsKind& kind : kinds()) {
    Bytes const whole = encode(observe(kind, every(1, 0), 1));
    EXPECT_EQ(encode(observe(kind, every(1, 0), 7)), whole);
    for (int64_t shards : {2, 3, 7, 40}) {
      std::vector<Statistics> parts;
      for (int64_t i = 0; i < shards; ++i) {
        auto numbers = every(shards, i);
        std::shuffle(numbers.begin(), numbers.end(), random);
        parts.push_back(observe(kind, numbers, static_cast<size_t>(1 + random() % 9)));
      }
      while (parts.size() > 1) {  // any two, until one is left
        std::shuffle(parts.begin(), parts.end(), random);
        Statistics const last = std::move(parts.back());
        parts.pop_back();
        auto both = merge(std::move(parts.back()), last);
        ASSERT_TRUE(both) << both.error().what;
        parts.back() = std::move(*both);
      }
      EXPECT_EQ(encode(parts[0]), whole) << shards;
    }
  }
}

TEST(Statistics, values_that_are_not_finite_are_counted_or_reported) {
  Statistics const s = observe({1, 2, true, true, true}, every(1, 0), 4);
  EXPECT_EQ(s.tensors[0].nan, 4U);
  EXPECT_EQ(s.tensors[0].plus_infinity, 4U);
  EXPECT_EQ(s.tensors[0].count, kEach * kSamples - 8);
  TensorObserver observer({}, {});
  Tally tally;
  std::vector<float> values(3 * kEach, 1.0F);
  values[kEach + 4] = -INFINITY;
  auto const bad = observer.add(values.data(), kEach, std::vector<int64_t>{4, 5, 6}, tally);
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->sample, 1U);
  EXPECT_EQ(bad->value, -INFINITY);
  EXPECT_TRUE(observer.take({}).empty());
}

TEST(Statistics, what_does_not_belong_together_is_not_merged) {
  Statistics const a = observe({1, 2, false, false, false}, {0, 1, 2}, 1);
  auto refuse = [&](const Statistics& b, const char* phrase) {
    auto both = merge(a, b);
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().kind, ErrorKind::bad_data);
    EXPECT_THAT(both.error().what, HasSubstr(phrase));
  };
  refuse(observe({9, 2, false, false, false}, {4}, 1), "different models");
  refuse(observe({1, 9, false, false, false}, {4}, 1), "different data");
  refuse(observe({1, 2, true, false, false}, {4}, 1), "different options");
  refuse(observe({1, 2, false, false, false}, {4, 2}, 1), "sample 2 is in both");
}

TEST(Histogram, lists_of_bins_and_counters_are_the_same) {
  std::vector<Histogram::Entry> const bins{{0, 3}, {1, 1}, {256, 7}, {0x8001, 2}};
  Histogram counted;
  for (const Histogram::Entry& e : bins) counted.add(e.bin, e.count);
  Histogram const listed = Histogram::of(bins);
  EXPECT_EQ(listed, counted);
  for (uint16_t const bin : std::vector<uint16_t>{0, 1, 2, 256, 0x8001, 0xFFFF})
    EXPECT_EQ(listed.count(bin), counted.count(bin));
  std::vector<Histogram::Entry> const twice{{0, 6}, {1, 2}, {256, 14}, {0x8001, 4}};
  for (const Histogram& a : {listed, counted})
    for (const Histogram& b : {listed, counted}) {
      Histogram both = a;
      both.merge(b);
      EXPECT_EQ(both.entries(), twice);
      both.add(2, 5);
      EXPECT_EQ(both.count(2), 5U);
      EXPECT_EQ(both.count(0x8001), 4U);
    }
  EXPECT_TRUE(Histogram::of({}).empty());
  EXPECT_FALSE(listed.empty());
}

TEST(Statistics, counts_that_do_not_fit_are_not_merged) {
  Statistics a, b;
  a.samples.insert(0);
  b.samples.insert(1);
  for (Statistics* s : {&a, &b}) {
    s->tensors.resize(1);
    s->tensors[0].name = "x";
    s->tensors[0].count = uint64_t{1} << 63;
  }
  auto const refused = merge(a, b);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("too large to add"));
  b.tensors[0].count -= 1;
  EXPECT_TRUE(merge(a, b));
}

TEST(Nstat, what_is_written_is_read) {
  for (const StatisticsKind& kind : kinds()) {
    for (const auto& numbers : {every(1, 0), every(3, 1), std::vector<int64_t>{}}) {
      Statistics const s = observe(kind, numbers, 4);
      auto const back = decode(encode(s));
      ASSERT_TRUE(back) << back.error().what;
      EXPECT_EQ(*back, s);
    }
  }
}

TEST(Nstat, files_hold_what_was_written) {
  ScratchFolder const folder("nstat");
  Statistics const s = observe({1, 2, true, true, false}, every(1, 0), 4);
  ASSERT_TRUE(write_statistics(folder / "s.nstat", s));
  EXPECT_EQ(*read_statistics(folder / "s.nstat"), s);
  auto const broken = read_statistics(folder.write("b.nstat", "NSTAT002"));
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().where, HasSubstr("b.nstat"));
  EXPECT_FALSE(read_statistics(folder / "absent.nstat"));
  EXPECT_FALSE(write_statistics(folder / "absent/s.nstat", s));
}

TEST(Nstat, any_damage_is_noticed) {
  Bytes const good = encode(observe({1, 2, true, true, true}, {0, 3, 70}, 4));
  for (size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(decode(std::span(good).first(n))) << n;
  for (size_t i = 0; i < good.size(); ++i)
    for (int change : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      Bytes bad = good;
      bad[i] ^= static_cast<std::byte>(change);
      auto const s = decode(bad);
      ASSERT_FALSE(s) << i;
      EXPECT_EQ(s.error().kind, ErrorKind::bad_file);
    }
  Bytes longer = good;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode(longer));
}

}  // namespace
}  // namespace narrow
