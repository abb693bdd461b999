#include "program/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ops/build/graph_builder.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

constexpr int32_t kClasses = 5;
constexpr int64_t kSamples = 150;

/// x -> RESHAPE -> y: the identity, in the type given.
std::shared_ptr<const Model> identity(DType dtype, Quantization quantization = {}) {
  GraphBuilder b;
  Shape const shape = Shape::of({1, kClasses});
  int const x = b.input({.dtype = dtype, .shape = shape, .name = "x", .quantization = quantization});
  int const y = b.tensor({.dtype = dtype, .shape = shape, .name = "y", .quantization = quantization});
  b.op(kReshape, ReshapeAttributes{{1, kClasses}}, {x}, {y});
  b.outputs({y});
  b.model().source = "identity";
  return std::make_shared<const Model>(b.model());
}

/// Sample k: normal values drawn with seed k, as float or rounded to int8 with a scale.
class Noise : public Samples {
 public:
  explicit Noise(float scale = 0) : scale_(scale) {}
  static std::vector<float> values(int64_t k) {
    std::mt19937 random(static_cast<unsigned>(k));
    std::vector<float> out(kClasses);
    for (float& v : out) v = static_cast<float>(random() % 2001) / 1000.0F - 1;
    return out;
  }
  static int64_t label(int64_t k) {
    auto const v = values(k);
    return std::max_element(v.begin(), v.end()) - v.begin();
  }
  int64_t size() const override { return kSamples; }
  uint64_t fingerprint() const override { return 1; }
  Status read(int64_t first, int count, size_t, std::byte* out) const override {
    for (int64_t k = first; k < first + count; ++k)
      for (float v : values(k)) {
        if (scale_ > 0)
          *reinterpret_cast<int8_t*>(out) = static_cast<int8_t>(std::lround(v / scale_));
        else
          *reinterpret_cast<float*>(out) = v;
        out += scale_ > 0 ? 1 : sizeof(float);
      }
    return {};
  }

 private:
  float scale_;
};

Candidate float_candidate() {
  return {identity(DType::float32), std::make_shared<Noise>()};
}
Candidate int8_candidate(float scale) {
  return {identity(DType::int8, Quantization::of(scale, 0)), std::make_shared<Noise>(scale)};
}

EvaluateOptions options(int threads = 1) {
  EvaluateOptions out;
  out.samples = kSamples;
  out.threads = threads;
  return out;
}

TEST(Evaluate, AccuracyByLabels) {
  EvaluateOptions how = options();
  for (int64_t k = 0; k < kSamples; ++k)
    how.labels.push_back(k % 10 == 0 ? (Noise::label(k) + 1) % 5 : Noise::label(k));
  std::vector<Candidate> const models{float_candidate()};
  auto result = evaluate(models, how);
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_DOUBLE_EQ(*(*result)[0].top1, 0.9);
  EXPECT_FALSE((*result)[0].agreement);
  EXPECT_FALSE((*result)[0].reference_top1);
  EXPECT_FALSE((*result)[0].top5);  // of five classes all are among the five largest
  const auto& confusion = (*result)[0].confusion;
  ASSERT_EQ(confusion.size(), 5U);
  int64_t all = 0, right = 0;
  for (size_t label = 0; label < 5; ++label)
    for (size_t guess = 0; guess < 5; ++guess) {
      all += confusion[label][guess];
      right += label == guess ? confusion[label][guess] : 0;
      EXPECT_TRUE(guess == label || label == (guess + 1) % 5 || confusion[label][guess] == 0);
    }
  EXPECT_EQ(all, kSamples);
  EXPECT_EQ(static_cast<double>(right), 0.9 * static_cast<double>(kSamples));
  EXPECT_FALSE((*result)[0].error);

  // A reference that is right where the labels are its own.
  how.reference = float_candidate();
  std::vector<Candidate> const coarse{int8_candidate(1.0F)};
  result = evaluate(coarse, how);
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_DOUBLE_EQ(*(*result)[0].reference_top1, 0.9);
  EXPECT_LT(*(*result)[0].top1, 0.9);
}

TEST(Evaluate, ErrorBesideAReference) {
  EvaluateOptions how = options();
  how.reference = float_candidate();
  how.per_op = true;
  float const scale = 1.0F / 100;
  std::vector<Candidate> const models{float_candidate(), int8_candidate(scale)};
  auto result = evaluate(models, how);
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(*(*result)[0].agreement, 1);
  EXPECT_EQ((*result)[0].error->mse(), 0);
  EXPECT_TRUE(std::isinf((*result)[0].error->sqnr_db()));

  double signal = 0, noise = 0;
  for (int64_t k = 0; k < kSamples; ++k)
    for (float v : Noise::values(k)) {
      double const off =
          static_cast<double>(v) - static_cast<double>(static_cast<float>(std::lround(v / scale)) * scale);
      signal += static_cast<double>(v) * static_cast<double>(v);
      noise += off * off;
    }
  const Evaluation& e = (*result)[1];
  EXPECT_NEAR(e.error->mse(), noise / (kSamples * kClasses), 1e-12);
  EXPECT_NEAR(e.error->sqnr_db(), 10 * std::log10(signal / noise), 1e-9);
  ASSERT_EQ(e.ops.size(), 1u);
  EXPECT_EQ(e.ops[0].name, "y");
  EXPECT_EQ(e.ops[0].error.noise, e.error->noise);
  // A part of the last axis for each of the few classes; the worst of them is below the whole.
  ASSERT_TRUE(e.ops[0].worst);
  EXPECT_EQ(e.ops[0].worst->first, e.ops[0].worst->last);
  EXPECT_EQ(e.ops[0].worst->error.values, kSamples);
  std::vector<double> classes_db;
  for (size_t c = 0; c < kClasses; ++c) {
    ErrorSums sums;
    for (int64_t k = 0; k < kSamples; ++k) {
      float const v = Noise::values(k)[c];
      double const off =
          static_cast<double>(v) - static_cast<double>(static_cast<float>(std::lround(v / scale)) * scale);
      sums.add({static_cast<double>(v) * static_cast<double>(v), off * off, 1});
    }
    classes_db.push_back(sums.sqnr_db());
  }
  auto const worst = std::min_element(classes_db.begin(), classes_db.end());
  EXPECT_EQ(e.ops[0].worst->first, worst - classes_db.begin());
  EXPECT_NEAR(e.ops[0].worst->error.sqnr_db(), *worst, 1e-9);
}

TEST(Evaluate, DoesNotDependOnThreads) {
  std::vector<Candidate> const models{int8_candidate(0.013F)};
  std::vector<double> noise;
  for (int threads : {1, 2, 3, 8}) {
    EvaluateOptions how = options(threads);
    how.reference = float_candidate();
    auto result = evaluate(models, how);
    ASSERT_TRUE(result);
    noise.push_back((*result)[0].error->noise);
  }
  for (double n : noise) EXPECT_EQ(n, noise[0]);
}

TEST(Evaluate, Refusals) {
  std::vector<Candidate> const models{float_candidate()};
  EvaluateOptions how = options();
  how.labels = {1, 2};
  EXPECT_EQ(evaluate(models, how).error().kind, ErrorKind::bad_data);
  how.labels.assign(kSamples, kClasses);
  EXPECT_EQ(evaluate(models, how).error().kind, ErrorKind::bad_data);
}

}  // namespace
}  // namespace narrow
