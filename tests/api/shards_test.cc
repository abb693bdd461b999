// Shards of calibration and evaluation: together they are one run, also where arrays hold no more than a shard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "narrow/calibrate.h"
#include "narrow/evaluate.h"
#include "running_sum.h"

namespace narrow {
namespace {

using testing::HasSubstr;

constexpr int64_t kSamples = 50;

/// y = x * x: keeps no state.
ModelPtr square() {
  GraphBuilder b;
  Shape const one = Shape::of({1, 1});
  int const x = b.input({.shape = one, .name = "x"}), y = b.tensor({.shape = one, .name = "y"});
  b.op(kMul, MulAttributes{}, {x, x}, {y});
  b.outputs({y});
  return std::make_shared<const Model>(b.finish().value());
}

std::vector<float> numbers() {
  std::vector<float> out(kSamples);
  std::iota(out.begin(), out.end(), 1.0F);
  return out;
}

Array array_of(const std::vector<float>& values) {
  return {.name = "x", .shape = {std::ssize(values), 1}, .values = std::as_bytes(std::span(values))};
}

DataSource source_of(const std::vector<float>& values, std::optional<int64_t> samples = {},
                     std::optional<int64_t> sequence = {}, std::optional<HeldShard> held = {}) {
  DataSource out;
  out.arrays = {array_of(values)};
  out.samples = samples;
  out.sequence = sequence;
  out.held = held;
  return out;
}

/// What a shard holds of `numbers`: sequences k mod shards == shard for calibration, consecutive ones for evaluation.
std::vector<float> part_of(int64_t shard, int64_t shards, int64_t sequence, bool consecutive,
                           int64_t samples = kSamples) {
  std::vector<float> out;
  int64_t const sequences = (samples + sequence - 1) / sequence;
  for (int64_t k = 0; k < samples; ++k) {
    int64_t const s = k / sequence;
    bool const in =
        consecutive ? s >= sequences * shard / shards && s < sequences * (shard + 1) / shards : s % shards == shard;
    if (in) out.push_back(numbers()[static_cast<size_t>(k)]);
  }
  return out;
}

struct Case {
  bool state;
  std::optional<int64_t> sequence;
  std::optional<int64_t> samples;
};

std::vector<Case> cases() {
  return {{false, {}, {}}, {false, {}, 33}, {true, 7, {}}, {true, 12, 40}};
}

TEST(Shards, held_arrays_calibrate_to_the_bytes_of_one_run) {
  auto const all = numbers();
  uint64_t const print = fingerprint(std::vector{array_of(all)}).value();
  for (const Case& c : cases()) {
    ModelPtr const model = c.state ? running_sum() : square();
    CalibrateRequest request;
    request.data = source_of(all, c.samples, c.sequence);
    auto const whole = calibrate(model, request);
    ASSERT_TRUE(whole) << whole.error().what;
    for (int64_t const shards : {1, 2, 3}) {
      std::vector<StatisticsPtr> parts;
      for (int64_t k = shards - 1; k >= 0; --k) {
        auto const rows = part_of(k, shards, c.sequence.value_or(1), false, c.samples.value_or(kSamples));
        CalibrateRequest part = request;
        part.data.arrays = {array_of(rows)};
        part.data.held = HeldShard{k, shards, kSamples, print};
        part.shard = k;
        part.shards = shards;
        auto done = calibrate(model, part);
        ASSERT_TRUE(done) << done.error().what;
        parts.push_back(*done);
      }
      EXPECT_EQ(to_bytes(**merge(parts, shards)).value(), to_bytes(**whole).value()) << shards;
    }
  }
}

TEST(Shards, held_arrays_of_another_shard_are_refused) {
  auto const all = numbers(), rows = part_of(1, 3, 1, false);
  CalibrateRequest request;
  request.shards = 3;
  auto refuse = [&](const std::vector<float>& values, HeldShard held, const char* what) {
    request.data = source_of(values, {}, {}, held);
    auto const done = calibrate(square(), request);
    ASSERT_FALSE(done) << what;
    EXPECT_THAT(done.error().what, HasSubstr(what));
  };
  refuse(rows, {1, 3, kSamples, 0}, "the arrays do not hold samples 0 to 0");
  refuse(rows, {0, 4, kSamples, 0}, "the arrays hold 17 samples, shard 0 of 4 has 13");
  refuse(rows, {3, 3, kSamples, 0}, "there is no shard 3 of 3");
  refuse(rows, {0, 0, kSamples, 0}, "there is no shard 0 of 0");
  refuse(rows, {0, INT64_MAX, kSamples, 0}, "the arrays hold 17 samples");
  request.data = source_of(rows, {}, {}, HeldShard{0, 1, kSamples, 0});
  request.data.arrays.clear();
  request.data.path = "x.npy";
  EXPECT_THAT(calibrate(square(), request).error().what, HasSubstr("`data.held` is for arrays"));
}

TEST(Shards, evaluations_have_the_rows_of_one_run) {
  auto const all = numbers();
  for (const Case& c : cases())
    for (bool const held : {false, true}) {
      ModelPtr const model = c.state ? running_sum() : square();
      EvaluateRequest request;
      request.data = source_of(all, c.samples, c.sequence);
      request.reference = c.state ? square() : running_sum();  // other outputs, and one of both keeps state
      if (!c.state) request.data.sequence = 5;
      std::vector const models{model};
      auto const whole = evaluate(models, request);
      ASSERT_TRUE(whole) << whole.error().what;
      int64_t const sequence = *request.data.sequence;
      for (int64_t const shards : {1, 2, 3, 60}) {
        std::vector<SampleOutcome> rows;
        for (int64_t k = 0; k < shards; ++k) {
          auto const values = part_of(k, shards, sequence, true, c.samples.value_or(kSamples));
          if (held && values.empty()) continue;
          EvaluateRequest part = request;
          part.shard = k;
          part.shards = shards;
          if (held) {
            part.data.arrays = {array_of(values)};
            part.data.held = HeldShard{k, shards, kSamples, 0};
          }
          auto const done = evaluate(models, part);
          ASSERT_TRUE(done) << done.error().what;
          EXPECT_EQ(done->front().first, std::ssize(rows));
          EXPECT_EQ(done->front().samples, std::ssize(values));
          rows.insert(rows.end(), done->front().each.begin(), done->front().each.end());
        }
        ASSERT_EQ(rows.size(), whole->front().each.size()) << shards;
        for (size_t i = 0; i < rows.size(); ++i) {
          EXPECT_EQ(rows[i].error.signal, whole->front().each[i].error.signal) << i;
          EXPECT_EQ(rows[i].error.noise, whole->front().each[i].error.noise) << i;
        }
      }
    }
}

TEST(Shards, evaluations_that_cannot_be_cut_are_refused) {
  auto const all = numbers();
  EvaluateRequest request;
  request.data = source_of(all);
  request.shards = 2;
  std::vector<ModelPtr> models{running_sum()};
  auto refuse = [&](const char* what) {
    auto const done = evaluate(models, request);
    ASSERT_FALSE(done) << what;
    EXPECT_THAT(done.error().what, HasSubstr(what));
  };
  refuse("one sequence in time, which has no shards");
  models = {square()};
  request.shard = 2;
  refuse("there is no shard 2 of 2");
  request.shard = 0;
  request.shards = 0;
  refuse("there is no shard 0 of 0");
  request.shards = INT64_MAX;
  refuse("there is no shard 0 of");
  request.shards = 2;
  request.data.held = HeldShard{0, 2, kSamples, 0};
  refuse("the arrays hold 50 samples, shard 0 of 2 has 25");
  request.data.held = HeldShard{1, 2, kSamples, 0};
  refuse("of another shard");
}

TEST(Shards, parts_that_are_missing_or_there_twice_are_named) {
  auto const all = numbers();
  CalibrateRequest request;
  request.data = source_of(all);
  request.shards = 7;
  std::vector<StatisticsPtr> parts;
  for (request.shard = 0; request.shard < 7; ++request.shard) parts.push_back(calibrate(square(), request).value());
  auto refuse = [&](std::vector<size_t> numbers, int64_t shards, const std::string& what) {
    std::vector<StatisticsPtr> some;
    for (size_t const n : numbers) some.push_back(parts[n]);
    auto const done = merge(some, shards);
    ASSERT_FALSE(done) << what;
    EXPECT_EQ(done.error().what, what);
  };
  refuse({0, 1, 2, 4, 5, 6}, 7, "shard 3 of 7 is missing");
  refuse({6, 2, 4, 5}, 7, "shards 0, 1, 3 of 7 are missing");
  refuse({0, 1, 2, 3, 4, 5, 2}, 7, "shard 2 of 7 is there twice: part 2 and part 6");
  refuse({0, 1, 2, 3, 4, 5, 2}, 0, "sample 2 is in part 2 and part 6");
  refuse({0, 1, 2, 3, 4, 5, 6}, 8, "7 parts for 8 shards");
  refuse({0, 1, 2, 3, 4, 5, 6}, 6, "7 parts for 6 shards");
  EXPECT_TRUE(merge(parts, 7));
  request.data.samples = 7;  // one in each shard: none of the last one's is no gap
  request.shard = 6;
  parts.clear();
  for (request.shard = 0; request.shard < 7; ++request.shard) parts.push_back(calibrate(square(), request).value());
  refuse({0, 1, 2, 3, 4, 5}, 7, "6 parts for 7 shards");
}

}  // namespace
}  // namespace narrow
