// How much top-1 is lost: estimates beside the loss of far more samples than they are made from.
#include "search/top1_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "random.h"

namespace narrow {
namespace {

constexpr int64_t kClasses = 5;

struct Drawn {
  OutputValues real, quantized;
  std::vector<int64_t> labels;
  double measured = 0;  // share of samples that is right less
};

int64_t largest(std::span<const float> values) {
  return std::max_element(values.begin(), values.end()) - values.begin();
}

/// Samples whose label has 2 more than the others on average, with a deviation of 1, and errors of `noise`; `favour` is
/// added to the first class of the quantized model.
Drawn draw(Random& random, int64_t samples, double noise, double favour = 0) {
  auto normal = [&] {
    double sum = 0;
    for (int k = 0; k < 12; ++k) sum += random.real(-0.5, 0.5);
    return sum;
  };
  Drawn out;
  out.real = {samples, {kClasses}, {}};
  for (int64_t s = 0; s < samples; ++s) {
    out.labels.push_back(random.between(0, kClasses - 1));
    for (int64_t c = 0; c < kClasses; ++c)
      out.real.values.push_back(static_cast<float>(normal() + (c == out.labels.back() ? 2 : 0)));
  }
  out.quantized = out.real;
  for (size_t i = 0; i < out.real.values.size(); ++i)
    out.quantized.values[i] += static_cast<float>(noise * normal() + (i % kClasses == 0 ? favour : 0));
  int64_t lost = 0;
  for (int64_t s = 0; s < samples; ++s) {
    int64_t const label = out.labels[static_cast<size_t>(s)];
    lost += (largest(out.real.of(s, 0)) == label) - (largest(out.quantized.of(s, 0)) == label);
  }
  out.measured = static_cast<double>(lost) / static_cast<double>(samples);
  return out;
}

Top1Loss loss_of(const Drawn& d) {
  LabelledOutputs const real{d.real, d.labels};
  return top1_loss(real, real, d.quantized, 0, d.measured);
}

TEST(Top1Loss, of_few_samples_is_nearer_to_that_of_many_than_what_was_measured) {
  Random random;
  SCOPED_TRACE(random.text());
  constexpr double kNoise = 0.12;
  double const truth = draw(random, 200000, kNoise).measured;
  EXPECT_GT(truth, 0.001);
  double of_measured = 0, of_estimate = 0;
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    Drawn const d = draw(random, 300, kNoise);
    Top1Loss const loss = loss_of(d);
    of_measured += std::pow(d.measured - truth, 2) / kRounds;
    of_estimate += std::pow(loss.estimate - truth, 2) / kRounds;
  }
  EXPECT_LT(std::sqrt(of_estimate), 0.004);
  EXPECT_LT(of_estimate, of_measured / 4);
}

TEST(Top1Loss, of_many_samples_is_what_was_measured) {
  Random random;
  SCOPED_TRACE(random.text());
  Drawn const d = draw(random, 60000, 0.3, 0.8);  // errors that favour a class
  Top1Loss const loss = loss_of(d);
  EXPECT_NEAR(loss.estimate, d.measured, 0.1 * d.measured);
  EXPECT_LT(loss.deviation, 0.002);
}

TEST(Top1Loss, of_more_noise_is_more) {
  Random random;
  SCOPED_TRACE(random.text());
  double before = 0;
  for (double const noise : {0.1, 0.2, 0.4, 0.8}) {
    Top1Loss const loss = loss_of(draw(random, 4000, noise));
    EXPECT_GT(loss.expected, before);
    EXPECT_GT(loss.changed, loss.expected);
    before = loss.expected;
  }
}

TEST(Top1Loss, of_no_error_and_of_one_class_is_what_was_measured) {
  Random random;
  Drawn d = draw(random, 50, 0);
  EXPECT_EQ(loss_of(d).estimate, 0);
  EXPECT_EQ(loss_of(d).deviation, 0);
  LabelledOutputs const one{{2, {1}, {0.5F, 0.25F}}, {0, 0}};
  EXPECT_EQ(top1_loss(one, one, one.values, 0, 0.25).estimate, 0.25);
}

}  // namespace
}  // namespace narrow
