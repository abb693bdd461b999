// Statistics of models that keep state: sequences are there whole or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibrate/calibrate.h"
#include "calibrate/channel_moments.h"
#include "calibrate/nstat.h"
#include "running_sum.h"

namespace narrow {
namespace {

using ::testing::HasSubstr;

Statistics run(CalibrateOptions options, int64_t samples = 50) {
  options.histograms = options.per_sample = true;
  auto s = calibrate(running_sum(), CountedSamples(samples), options);
  EXPECT_TRUE(s) << s.error().what;
  return s ? *s : Statistics{};
}

TEST(CalibrateSequences, ranges_are_those_of_samples_in_time) {
  for (int threads : {1, 2, 8}) {
    EXPECT_EQ(run({.threads = threads}).find("y")->max, sum_at(49, 50));
    Statistics const tens = run({.sequence = 10, .threads = threads});
    EXPECT_EQ(tens.find("y")->max, sum_at(49, 10));
    EXPECT_EQ(tens.find("before")->zeros, 5U);
    EXPECT_EQ(encode(tens), encode(run({.sequence = 10})));
  }
}

TEST(CalibrateSequences, shards_are_of_sequences) {
  Bytes const whole = encode(run({.sequence = 12}));
  std::optional<Statistics> all;
  for (int64_t shard : {2, 0, 1}) {
    Statistics part = run({.sequence = 12, .shard = shard, .shards = 3});
    EXPECT_EQ(part.samples.count(), shard == 0 ? 24 : shard == 1 ? 14 : 12);
    auto both = all ? merge(std::move(*all), part) : Result<Statistics>(std::move(part));
    ASSERT_TRUE(both) << both.error().what;
    all = std::move(*both);
  }
  EXPECT_EQ(encode(*all), whole);
  EXPECT_FALSE(merge(run({.sequence = 12, .shard = 0, .shards = 3}), run({.sequence = 11, .shard = 1, .shards = 3})));
}

TEST(CalibrateSequences, one_sequence_has_no_shards) {
  for (int64_t sequence : {0, 50, 60}) {
    auto const s = calibrate(running_sum(), CountedSamples(50), {.sequence = sequence, .shard = 1, .shards = 2});
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().field, "shard");
    EXPECT_THAT(s.error().what, HasSubstr("one sequence in time"));
  }
}

TEST(CalibrateSequences, checkpoints_hold_whole_sequences) {
  Bytes const whole = encode(run({.sequence = 12}));
  std::vector<Statistics> checkpoints;
  EXPECT_EQ(encode(run({.sequence = 12,
                        .threads = 1,
                        .checkpoint_every = 20,
                        .checkpoint =
                            [&](const Statistics& s) {
                              checkpoints.push_back(s);
                              return Status();
                            }})),
            whole);
  ASSERT_EQ(checkpoints.size(), 3U);
  EXPECT_EQ(checkpoints[0].samples.count(), 24);
  for (const Statistics& s : checkpoints) EXPECT_EQ(encode(run({.sequence = 12, .resume = &s})), whole);
}

TEST(CalibrateSequences, a_part_of_a_sequence_does_not_go_on) {
  Statistics const part = run({.samples = 30, .sequence = 20});
  auto const s = calibrate(running_sum(), CountedSamples(50),
                           {.sequence = 20, .histograms = true, .per_sample = true, .resume = &part});
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error().kind, ErrorKind::bad_data);
  EXPECT_THAT(s.error().what, HasSubstr("samples 20 to 39"));
}

/// Says that the run is to stop once a sample is read.
class Stopping final : public Samples {
 public:
  Stopping(int64_t at, std::atomic<bool>& stop) : at_(at), stop_(stop) {}
  int64_t size() const override { return data_.size(); }
  uint64_t fingerprint() const override { return data_.fingerprint(); }
  Status read(int64_t first, int count, size_t input, std::byte* out) const override {
    if (first <= at_ && at_ < first + count) stop_ = true;
    return data_.read(first, count, input, out);
  }

 private:
  CountedSamples data_{2000};
  int64_t at_;
  std::atomic<bool>& stop_;
};

TEST(CalibrateSequences, a_long_sequence_that_is_interrupted_leaves_no_trace) {
  std::atomic<bool> stop{false};
  std::optional<Statistics> kept;
  CalibrateOptions options{.sequence = 500, .threads = 1, .histograms = true, .per_sample = true, .cancel = &stop};
  options.checkpoint_every = 2000;
  options.checkpoint = [&](const Statistics& s) {
    kept = s;
    return Status();
  };
  auto const stopped = calibrate(running_sum(), Stopping(1234, stop), options);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().what, "stopped after 1000 of 2000 samples");
  EXPECT_EQ(kept->samples.count(), 1000);
  EXPECT_EQ(kept->find("y")->max, sum_at(999, 500));
  EXPECT_EQ(encode(run({.sequence = 500, .resume = &*kept}, 2000)), encode(run({.sequence = 500}, 2000)));
}

TEST(CalibrateSequences, moments_are_those_of_samples_in_time) {
  auto const model = running_sum();
  int y = 0;
  while (model->main().tensor(y).name != "y") ++y;
  TensorRef const at{0, y};
  for (int64_t length : {0, 3}) {
    auto const got = channel_moments(model, CountedSamples(20), {at}, 2, length);
    ASSERT_TRUE(got) << got.error().what;
    double mean = 0;
    for (int64_t k = 0; k < 20; ++k) mean += static_cast<double>(sum_at(k, length > 0 ? length : 20)) / 20;
    EXPECT_DOUBLE_EQ(got->at(at).mean[0], mean);
  }
}

}  // namespace
}  // namespace narrow
