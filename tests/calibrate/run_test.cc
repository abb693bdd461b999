#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "calibrate/calibrate.h"
#include "calibrate/nstat.h"
#include "ops/build/graph_builder.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kElements = 700;
constexpr int64_t kSamples = 101;

/// x -> RESHAPE -> y -> RESHAPE -> z.
std::shared_ptr<const Model> model(DType dtype = DType::float32) {
  GraphBuilder b;
  Shape const row = Shape::of({1, kElements}), flat = Shape::of({kElements});
  int const x = b.input({.dtype = dtype, .shape = row, .name = "x"});
  int const y = b.tensor({.dtype = dtype, .shape = flat, .name = "y"});
  int const z = b.tensor({.dtype = dtype, .shape = row, .name = "z"});
  b.op(kReshape, ReshapeAttributes{{kElements}}, {x}, {y});
  b.op(kReshape, ReshapeAttributes{{1, kElements}}, {y}, {z});
  b.outputs({z});
  return std::make_shared<const Model>(b.model());
}

class Random : public Samples {
 public:
  explicit Random(std::vector<int64_t> bad = {}) : bad_(std::move(bad)) {}
  int64_t size() const override { return kSamples; }
  uint64_t fingerprint() const override { return 5; }
  Status read(int64_t first, int count, size_t, std::byte* out) const override {
    auto* values = reinterpret_cast<float*>(out);
    for (int64_t k = first; k < first + count; ++k) {
      std::mt19937 random(static_cast<unsigned>(k));
      std::normal_distribution<float> normal(0.5F, 2);
      for (int32_t i = 0; i < kElements; ++i) *values++ = std::max(normal(random), -1.0F);
      if (std::count(bad_.begin(), bad_.end(), k) > 0) values[-kElements + 3] = NAN;
    }
    return {};
  }

 private:
  std::vector<int64_t> bad_;
};

Bytes run(CalibrateOptions options, const Samples& data = Random()) {
  options.histograms = options.per_sample = true;
  auto s = calibrate(model(), data, options);
  EXPECT_TRUE(s) << s.error().what;
  return s ? encode(*s) : Bytes{};
}

TEST(Calibrate, bytes_do_not_depend_on_threads) {
  Bytes const one = run({.threads = 1});
  for (int threads : {2, 3, 8}) EXPECT_EQ(run({.threads = threads}), one);
}

TEST(Calibrate, leaves_out_what_an_unknown_op_gives) {
  GraphBuilder b;
  Shape const row = Shape::of({1, kElements}), flat = Shape::of({kElements});
  int const x = b.input({.shape = row, .name = "x"});
  int const y = b.tensor({.shape = flat, .name = "y"}), z = b.tensor({.shape = row, .name = "z"});
  int const before = b.tensor({.shape = flat, .name = "before"});
  b.op(kReshape, ReshapeAttributes{{kElements}}, {x}, {before});
  b.op(kReshape, ReshapeAttributes{{kElements}}, {x}, {y});
  b.op(kReshape, ReshapeAttributes{{1, kElements}}, {y}, {z});
  b.outputs({z, before});
  Model m = b.model();
  m.main().ops[1].def = nullptr;
  m.main().ops[1].type = "UNKNOWN";
  auto const s = calibrate(std::make_shared<const Model>(std::move(m)), Random(), {.samples = 10});
  ASSERT_TRUE(s) << s.error().what;
  ASSERT_EQ(s->tensors.size(), 2U);
  EXPECT_EQ(s->tensors[0].name, "x");
  EXPECT_EQ(s->tensors[1].name, "before");
  EXPECT_EQ(s->tensors[1].count, uint64_t{10} * kElements);
}

TEST(Calibrate, shards_merge_to_the_bytes_of_one_run) {
  Bytes const whole = run({.samples = 90, .threads = 2});
  std::optional<Statistics> all;
  for (int64_t i : {2, 0, 3, 1}) {
    auto part = decode(run({.samples = 90, .shard = i, .shards = 4, .threads = 1 + static_cast<int>(i)}));
    ASSERT_TRUE(part);
    auto both = all ? merge(std::move(*all), *part) : std::move(part);
    ASSERT_TRUE(both);
    all = std::move(*both);
  }
  EXPECT_EQ(encode(*all), whole);
}

TEST(Calibrate, every_checkpoint_resumes_to_the_bytes_of_one_run) {
  Bytes const whole = run({.threads = 2});
  std::vector<Statistics> checkpoints;
  EXPECT_EQ(run({.threads = 2,
                 .checkpoint_every = 17,
                 .checkpoint =
                     [&](const Statistics& s) {
                       checkpoints.push_back(s);
                       return Status();
                     }}),
            whole);
  ASSERT_EQ(checkpoints.size(), 6U);
  for (const Statistics& s : checkpoints) EXPECT_EQ(run({.threads = 2, .resume = &s}), whole);
}

TEST(Calibrate, a_cancelled_run_hands_over_what_it_has) {
  std::atomic<bool> cancel{false};
  std::optional<Statistics> kept;
  CalibrateOptions options{.threads = 2,
                           .histograms = true,
                           .per_sample = true,
                           .cancel = &cancel,
                           .checkpoint_every = 20,
                           .checkpoint = [&](const Statistics& s) {
                             kept = s;
                             cancel = s.samples.count() >= 40;
                             return Status();
                           }};
  auto const stopped = calibrate(model(), Random(), options);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(kept->samples.count(), 40);
  EXPECT_EQ(run({.resume = &*kept}), run({}));
}

TEST(Calibrate, the_first_sample_with_a_bad_value_is_named_whatever_the_threads) {
  for (int threads : {1, 2, 5}) {
    auto const s = calibrate(model(), Random({60, 17, 18, 99}), {.threads = threads});
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().kind, ErrorKind::bad_data);
    EXPECT_THAT(s.error().what, HasSubstr("NaN in tensor 0 'x' (an input) at sample 17"));
  }
  auto const skipped = calibrate(model(), Random({60, 17}), {.skip_nonfinite = true});
  ASSERT_TRUE(skipped);
  EXPECT_EQ(skipped->find("z")->nan, 2U);
  EXPECT_EQ(skipped->find(TensorRef{0, 1})->count, static_cast<uint64_t>(kElements * kSamples - 2));
}

TEST(Calibrate, options_that_make_no_sense_are_refused) {
  auto refuse = [](CalibrateOptions options, ErrorKind kind, DType dtype = DType::float32) {
    auto const s = calibrate(model(dtype), Random(), options);
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().kind, kind) << s.error().what;
  };
  refuse({.samples = kSamples + 1}, ErrorKind::bad_option);
  refuse({.samples = 0}, ErrorKind::bad_option);
  refuse({.shard = 2, .shards = 2}, ErrorKind::bad_option);
  refuse({.shard = -1}, ErrorKind::bad_option);
  refuse({}, ErrorKind::unsupported, DType::int8);
  auto const other = decode(run({}));
  refuse({.resume = &*other}, ErrorKind::bad_data);
}

TEST(Calibrate, a_shard_without_samples_is_empty_and_merges) {
  auto const none = calibrate(model(), Random(), {.samples = 2, .shard = 3, .shards = 5});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->samples.count(), 0);
  auto const some = calibrate(model(), Random(), {.samples = 2});
  auto const both = merge(*none, *some);
  ASSERT_TRUE(both);
  EXPECT_EQ(encode(*both), encode(*some));
}

}  // namespace
}  // namespace narrow
