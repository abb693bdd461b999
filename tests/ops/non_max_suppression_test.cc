// Selections of boxes, worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/build/graph_builder.h"
#include "ops/indexing/indexing.h"
#include "program/runner.h"

namespace narrow {
namespace {

struct Selection {
  std::vector<int32_t> indices;
  std::vector<float> scores;  // V5 only
  int32_t count = 0;
};

struct Suppression {
  std::vector<float> boxes, scores;
  int32_t most = 4;
  float overlap = 0.5f, least_score = 0;
  std::optional<float> sigma = std::nullopt;  // V5

  Model model() const {
    GraphBuilder b;
    auto const n = static_cast<int32_t>(scores.size());
    int const x = b.input({.shape = Shape::of({n, 4})}), s = b.input({.shape = Shape::of({n})});
    std::vector<int> in{x, s, b.constant({.dtype = DType::int32, .shape = Shape()}, std::vector<int32_t>{most})};
    for (float limit : {overlap, least_score}) in.push_back(b.constant({.shape = Shape()}, std::vector<float>{limit}));
    if (sigma) in.push_back(b.constant({.shape = Shape()}, std::vector<float>{*sigma}));
    std::vector<int> out{b.tensor({.dtype = DType::int32, .shape = Shape::of({most})})};
    if (sigma) out.push_back(b.tensor({.shape = Shape::of({most})}));
    out.push_back(b.tensor({.dtype = DType::int32, .shape = Shape()}));
    b.op(sigma ? kNonMaxSuppressionV5 : kNonMaxSuppressionV4, {}, in, out);
    b.outputs(out);
    return b.model();
  }

  Selection run() const {
    auto program = lower(std::make_shared<const Model>(model()), {.profile = *find_profile("narrow")});
    EXPECT_TRUE(program) << program.error().what;
    if (!program) return {};
    Runner runner(std::move(*program));
    std::memcpy(runner.input(0), boxes.data(), boxes.size() * sizeof(float));
    std::memcpy(runner.input(1), scores.data(), scores.size() * sizeof(float));
    EXPECT_TRUE(runner.run(1));
    Selection out;
    auto const n = static_cast<size_t>(most);
    auto const* const indices = reinterpret_cast<const int32_t*>(runner.output(0));
    out.indices.assign(indices, indices + n);
    if (sigma) {
      auto const* const values = reinterpret_cast<const float*>(runner.output(1));
      out.scores.assign(values, values + n);
    }
    out.count = *reinterpret_cast<const int32_t*>(runner.output(sigma ? 2 : 1));
    return out;
  }
};

using Indices = std::vector<int32_t>;

/// Box 1 overlaps box 0 by 6 / 10; boxes 2 and 3 overlap by 1 / 3; the corners of box 3 are the other way round.
Suppression four_boxes() {
  return {.boxes = {0, 0, 2, 4, 0, 1, 2, 5, 10, 10, 12, 12, 12, 13, 10, 11}, .scores = {0.8f, 0.9f, 0.3f, 0.7f}};
}

TEST(NonMaxSuppression, TakesTheHighestScoresThatDoNotOverlap) {
  Selection const s = four_boxes().run();
  EXPECT_EQ(s.indices, (Indices{1, 3, 2, 0}));
  EXPECT_EQ(s.count, 3);
}

TEST(NonMaxSuppression, ThresholdsCount) {
  Suppression s = four_boxes();
  s.overlap = 0.7f;
  EXPECT_EQ(s.run().indices, (Indices{1, 0, 3, 2}));
  s.overlap = 0.6f;
  EXPECT_EQ(s.run().count, 3) << "an overlap of the threshold is too far";
  s = four_boxes();
  s.overlap = 0.3f;
  EXPECT_EQ(s.run().count, 2);
  s = four_boxes();
  s.least_score = 0.3f;
  EXPECT_EQ(s.run().count, 2) << "a score must exceed the threshold";
  s.least_score = 1;
  EXPECT_EQ(s.run().count, 0);
  EXPECT_EQ(s.run().indices, (Indices{0, 0, 0, 0}));
}

TEST(NonMaxSuppression, TakesNoMoreThanAsked) {
  Suppression s = four_boxes();
  s.most = 2;
  EXPECT_EQ(s.run().indices, (Indices{1, 3}));
  s.most = 6;
  EXPECT_EQ(s.run().indices, (Indices{1, 3, 2, 0, 0, 0}));
  s.most = 0;
  EXPECT_EQ(s.run().count, 0);
}

TEST(NonMaxSuppression, SoftOneLowersScores) {
  Suppression s = four_boxes();
  s.overlap = 1;
  s.sigma = 0.5f;
  Selection const soft = s.run();
  EXPECT_EQ(soft.indices, (Indices{1, 3, 0, 2}));
  EXPECT_EQ(soft.count, 4);
  EXPECT_NEAR(soft.scores[2], 0.8 * std::exp(-0.36), 1e-6);
  EXPECT_NEAR(soft.scores[3], 0.3 * std::exp(-1.0 / 9), 1e-6);
  s.least_score = 0.28f;
  EXPECT_EQ(s.run().count, 3) << "a lowered score that no longer exceeds the threshold is dropped";
  EXPECT_EQ(s.run().scores[3], 0);
  s.sigma = 0;
  s.overlap = 0.5f;
  EXPECT_EQ(s.run().scores, (std::vector<float>{0.9f, 0.7f, 0.3f, 0}));
}

TEST(NonMaxSuppression, NumbersThatAreNoneEndIt) {
  Suppression s = four_boxes();
  s.scores[1] = NAN;
  EXPECT_EQ(s.run().indices, (Indices{0, 3, 2, 0}));
  s = four_boxes();
  s.sigma = 0.5f;
  for (float& b : s.boxes) b = NAN;
  EXPECT_EQ(s.run().count, 1);
}

TEST(NonMaxSuppression, TooManyComparisonsEndIt) {
  Suppression s;
  s.most = 30'000;
  for (int i = 0; i < s.most; ++i) {
    auto const at = static_cast<float>(i);
    s.boxes.insert(s.boxes.end(), {at, at, at + 0.5f, at + 0.5f});
    s.scores.push_back(1 / (1 + at));
  }
  auto program = lower(std::make_shared<const Model>(s.model()), {.profile = *find_profile("narrow")});
  ASSERT_TRUE(program);
  Runner runner(std::move(*program));
  std::memcpy(runner.input(0), s.boxes.data(), s.boxes.size() * sizeof(float));
  std::memcpy(runner.input(1), s.scores.data(), s.scores.size() * sizeof(float));
  auto const done = runner.run(1);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::limit_exceeded);
}

TEST(NonMaxSuppression, OperandsThatDoNotFitAreRefused) {
  auto refused = [](const Suppression& s, const auto& change) {
    Model m = s.model();
    change(m.main());
    OpView const op{m.main(), m.main().ops[0]};
    return !op.op.def->infer(op).has_value();
  };
  Suppression const s = four_boxes();
  EXPECT_FALSE(refused(s, [](Graph&) {}));
  EXPECT_TRUE(refused(s, [](Graph& g) { g.tensor(0).shape = Shape::of({4, 3}); }));
  EXPECT_TRUE(refused(s, [](Graph& g) { g.tensor(1).shape = Shape::of({3}); }));
  EXPECT_TRUE(refused(s, [](Graph& g) { g.tensor(2).constant = false; }));
  EXPECT_TRUE(refused(s, [](Graph& g) { g.tensor(3).shape = Shape::of({2}); }));
  EXPECT_TRUE(
      refused(s, [](Graph& g) { g.tensor(2).data = SharedBytes::copy_of(std::span<const int32_t>(std::array{-1})); }));
}

}  // namespace
}  // namespace narrow
