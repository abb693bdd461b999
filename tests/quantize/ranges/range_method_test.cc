#include "quantize/ranges/range_method.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "calibrate/observe.h"
#include "quantize/ranges/shrink.h"

namespace narrow {
namespace {

using ::testing::HasSubstr;

TensorStatistics statistics(const std::vector<float>& values) {
  TensorObserver observer({}, {1, 2, true, true, false});
  Tally tally;
  std::vector<int64_t> const one{0};
  observer.add(values.data(), values.size(), one, tally);
  SampleSet seen;
  seen.insert(0);
  return observer.take(seen);
}

Range range(const char* method, const TensorStatistics& s, const IntegerFormat& format = {}) {
  auto const choice = parse_range(method);
  EXPECT_TRUE(choice);
  return choice->range(s, format);
}

struct Values {
  const char* name;
  std::vector<float> values;
};

std::vector<Values> distributions() {
  std::mt19937 random(11);
  auto draw = [&](const std::function<double()>& f) {
    std::vector<float> v(8000);
    for (float& x : v) x = static_cast<float>(f());
    return v;
  };
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> exponential;
  std::uniform_real_distribution<double> uniform(-1, 3);
  std::student_t_distribution<double> heavy(3);
  return {
      {"normal", draw([&] { return normal(random); })},
      {"relu", draw([&] { return std::max(0.0, normal(random)); })},
      {"relu6", draw([&] { return std::clamp(4 * normal(random), 0.0, 6.0); })},
      {"uniform", draw([&] { return uniform(random); })},
      {"heavy", draw([&] { return heavy(random); })},
      {"one_sided_tail", draw([&] { return exponential(random) * exponential(random) - 0.3; })},
      {"negative", draw([&] { return -exponential(random) - 1; })},
  };
}

/// Mean squared error of quantizing the values themselves.
double true_error(const std::vector<float>& values, Range r, const IntegerFormat& format) {
  double const levels = std::ldexp(1, format.bits);
  auto lo = static_cast<double>(r.lo);
  auto hi = static_cast<double>(r.hi);
  double const top = std::max(-lo, hi);
  double const step = format.symmetric ? top / (levels / 2 - 1) : (hi - lo) / (levels - 1);
  double const first = format.symmetric ? 1 - levels / 2 : -std::round(-lo / step);
  double const last = format.symmetric ? levels / 2 - 1 : first + levels - 1;
  double sum = 0;
  for (float v : values) {
    double const q = std::clamp(std::round(static_cast<double>(v) / step), first, last);
    double const e = static_cast<double>(v) - q * step;
    sum += e * e;
  }
  return sum / static_cast<double>(values.size());
}

/// The least error over a fine raster of ranges.
double least_error(const std::vector<float>& values, Range full, const IntegerFormat& format) {
  double best = true_error(values, full, format);
  for (float a = 1; a > 0.1F; a *= 0.94F)
    for (float b = 1; b > 0.1F; b *= 0.94F) {
      if ((format.symmetric || full.lo == 0 || full.hi == 0) && a != b) continue;
      best = std::min(best, true_error(values, {a * full.lo, b * full.hi}, format));
    }
  return best;
}

TEST(Ranges, minmax_is_the_extent_with_zero) {
  EXPECT_EQ(range("minmax", statistics({-1, 2, 5})), (Range{-1, 5}));
  EXPECT_EQ(range("minmax", statistics({2, 5})), (Range{0, 5}));
  EXPECT_EQ(range("minmax", statistics({-2, -5})), (Range{-5, 0}));
}

TEST(Ranges, statistics_without_values_or_of_zeros_alone_give_zero) {
  for (const RangeMethodDef& m : all_range_methods())
    for (bool const symmetric : {false, true}) {
      EXPECT_EQ(range(m.name, {}, {8, symmetric}), Range()) << m.name;
      EXPECT_EQ(range(m.name, statistics({0, -0.0F, 0}), {8, symmetric}), Range()) << m.name;
    }
}

TEST(Ranges, all_methods_stay_inside_minmax_and_hold_zero) {
  for (const Values& v : distributions()) {
    TensorStatistics const s = statistics(v.values);
    Range const full = range("minmax", s);
    for (const RangeMethodDef& m : all_range_methods())
      for (IntegerFormat const format :
           {IntegerFormat{8, false}, IntegerFormat{8, true}, IntegerFormat{16, true}, IntegerFormat{4, false}}) {
        Range const r = range(m.name, s, format);
        EXPECT_LE(full.lo, r.lo) << v.name << ' ' << m.name;
        EXPECT_LE(r.hi, full.hi) << v.name << ' ' << m.name;
        EXPECT_LE(r.lo, 0);
        EXPECT_GE(r.hi, 0);
        EXPECT_LT(r.lo, r.hi);
      }
  }
}

TEST(Ranges, moving_average_smooths_in_the_order_of_samples) {
  TensorStatistics s;
  s.count = 3;
  s.samples = {{0, -1, 4}, {1, 1, -1}, {2, -3, 2}, {5, -1, 8}};  // sample 1 had no finite value
  Range const r = range("moving-average", s);
  EXPECT_FLOAT_EQ(r.lo, static_cast<float>(0.95 * (0.95 * -1 + 0.05 * -3) + 0.05 * -1));
  EXPECT_FLOAT_EQ(r.hi, static_cast<float>(0.95 * (0.95 * 4 + 0.05 * 2) + 0.05 * 8));
}

TEST(Ranges, percentile_agrees_with_sorted_values_to_a_bin) {
  for (Values v : distributions()) {
    TensorStatistics const s = statistics(v.values);
    std::sort(v.values.begin(), v.values.end());
    bool const both = v.values.front() < 0 && v.values.back() > 0;
    for (double const percent : {99.9, 99.0, 90.0}) {
      double const cut = (1 - percent / 100) / (both ? 2 : 1);
      auto const at = [&](double share) {
        return static_cast<double>(v.values[static_cast<size_t>(share * static_cast<double>(v.values.size() - 1))]);
      };
      Range const r = range(("percentile:" + std::to_string(percent)).c_str(), s);
      double const width = 0.012;  // a bin, and a little for the few values in the tails
      double const lo = std::min(at(cut), 0.0);
      double const hi = std::max(at(1 - cut), 0.0);
      EXPECT_NEAR(r.lo, lo, width * std::abs(lo)) << v.name << percent;
      EXPECT_NEAR(r.hi, hi, width * hi) << v.name << percent;
    }
    EXPECT_EQ(range("percentile:100", s), range("minmax", s));
  }
}

TEST(Ranges, mse_is_as_good_as_trying_all_ranges_on_the_values) {
  for (const Values& v : distributions()) {
    TensorStatistics const s = statistics(v.values);
    Range const full = range("minmax", s);
    for (IntegerFormat const format : {IntegerFormat{8, false}, IntegerFormat{8, true}, IntegerFormat{4, false}}) {
      double const found = true_error(v.values, range("mse", s, format), format);
      EXPECT_LE(found, 1.03 * least_error(v.values, full, format)) << v.name << ' ' << format.bits << format.symmetric;
    }
  }
}

TEST(Ranges, entropy_cuts_lone_outliers_and_keeps_even_distributions) {
  auto const all = distributions();
  std::vector<float> outlier = all[0].values;
  outlier.push_back(1000);
  EXPECT_LT(range("entropy", statistics(outlier)).hi, 20);
  EXPECT_GT(range("entropy", statistics(outlier)).hi, 2);
  Range const uniform = range("entropy", statistics(all[3].values));
  EXPECT_NEAR(uniform.lo, -1, 0.05);
  EXPECT_NEAR(uniform.hi, 3, 0.05);
}

TEST(Levels, reach_from_end_to_end_with_zero_among_them) {
  auto expect = [](const Levels& levels, double step, double lo, double hi) {
    EXPECT_DOUBLE_EQ(levels.step, step);
    EXPECT_DOUBLE_EQ(levels.lo, lo);
    EXPECT_DOUBLE_EQ(levels.hi, hi);
  };
  expect(Levels::of(0, 255, {.bits = 8, .symmetric = false}), 1, 0, 255);
  expect(Levels::of(-100.4, 154.6, {.bits = 8, .symmetric = false}), 1, -100, 155);
  expect(Levels::of(-127, 3, {.bits = 8, .symmetric = true}), 1, -127, 127);
  expect(Levels::of(-1, 32767, {.bits = 16, .symmetric = true}), 1, -32767, 32767);
}

TEST(Ranges, methods_are_found_by_name_and_nonsense_is_refused) {
  for (const RangeMethodDef& m : all_range_methods()) EXPECT_EQ(parse_range(m.name)->method, &m);
  EXPECT_EQ(parse_range("percentile:99.5")->parameter, 99.5);
  EXPECT_EQ(parse_range("percentile")->parameter, 99.99);
  for (const char* text : {"", "max", "minmax:", "mse:5", "percentile:", "percentile:x", "percentile:101",
                           "percentile:-1", "percentile:nan", "percentile:99 ", "percentile:50"}) {
    auto const refused = parse_range(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().kind, ErrorKind::bad_option);
  }
  EXPECT_THAT(parse_range("max").error().remedy, HasSubstr("minmax, moving-average, percentile, mse, entropy"));
}

}  // namespace
}  // namespace narrow
