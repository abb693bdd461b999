// The .tflite format's recurrent ops against their equations, written anew in float64, over samples that go on from
// each other.
#include <gtest/gtest.h>

#include <cmath>

#include "one_op.h"
#include "ops/recurrent/recurrent.h"
#include "random.h"

namespace narrow {
namespace {

constexpr int kBatch = 2, kTime = 4, kIn = 3, kSamples = 3;

/// An op with its operands, whose values stay at hand.
class OpUnderTest {
 public:
  OpUnderTest(Random& random, std::initializer_list<int32_t> data) : random_(random) {
    x_shape_ = Shape::of(data);
    inputs_.push_back(b_.input({.shape = x_shape_}));
    values_.emplace_back();
    for (int s = 0; s < kSamples; ++s) samples_.push_back(drawn(x_shape_));
  }

  OpUnderTest& constant(std::initializer_list<int32_t> shape) {
    values_.push_back(drawn(Shape::of(shape)));
    inputs_.push_back(b_.constant({.shape = Shape::of(shape)}, values_.back()));
    return *this;
  }
  OpUnderTest& left_out(int count = 1) {
    inputs_.insert(inputs_.end(), static_cast<size_t>(count), kNoTensor);
    values_.resize(inputs_.size());
    return *this;
  }
  OpUnderTest& state(std::initializer_list<int32_t> shape) {
    int const t = b_.tensor({.shape = Shape::of(shape)});
    b_.at(t).variable = true;
    inputs_.push_back(t);
    values_.emplace_back();
    return *this;
  }

  double at(size_t operand, int i) const { return double{values_[operand][static_cast<size_t>(i)]}; }
  double x(int sample, int i) const { return double{samples_[static_cast<size_t>(sample)][static_cast<size_t>(i)]}; }

  /// What the op gives for each of the samples, one behind the other.
  std::vector<float> run(const OpDef& def, Attributes attributes) {
    auto const y = b_.infer_op(def, std::move(attributes), inputs_);
    EXPECT_TRUE(y.has_value()) << y.error().what;
    if (!y) return {};
    b_.outputs({*y});
    int64_t const elements = b_.shape(*y).elements();
    auto model = b_.finish();
    EXPECT_TRUE(model.has_value()) << model.error().what;
    auto program = lower(std::make_shared<const Model>(std::move(*model)), {.profile = profile("narrow")});
    EXPECT_TRUE(program.has_value()) << program.error().what;
    if (!program) return {};
    Runner runner(std::move(*program));
    runner.restart();
    std::vector<float> out;
    for (const auto& sample : samples_) {
      std::memcpy(runner.input(0), sample.data(), sample.size() * sizeof(float));
      EXPECT_TRUE(runner.run(1).has_value());
      auto const* values = reinterpret_cast<const float*>(runner.output(0));
      out.insert(out.end(), values, values + elements);
    }
    return out;
  }

 private:
  std::vector<float> drawn(const Shape& shape) {
    std::vector<float> out(static_cast<size_t>(shape.elements()));
    for (float& v : out) v = static_cast<float>(random_.real(-1, 1));
    return out;
  }

  Random& random_;
  GraphBuilder b_;
  Shape x_shape_;
  std::vector<int> inputs_;
  std::vector<std::vector<float>> values_, samples_;
};

void expect_close(const std::vector<float>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(double{got[i]}, want[i], 5e-6) << i;
}

TEST(RecurrentOps, RnnGoesOnWithItsState) {
  Random random;
  constexpr int kUnits = 4;
  for (int time : {1, kTime}) {
    OpUnderTest op = time == 1 ? OpUnderTest(random, {kBatch, kIn}) : OpUnderTest(random, {kTime, kBatch, kIn});
    op.constant({kUnits, kIn}).constant({kUnits, kUnits}).constant({kUnits}).state({kBatch, kUnits});
    std::vector<double> h(size_t{kBatch} * kUnits), want;
    for (int s = 0; s < kSamples; ++s)
      for (int t = 0; t < time; ++t) {
        std::vector<double> const old = h;
        for (int b = 0; b < kBatch; ++b)
          for (int u = 0; u < kUnits; ++u) {
            double sum = op.at(3, u);
            for (int i = 0; i < kIn; ++i) sum += op.at(1, u * kIn + i) * op.x(s, (t * kBatch + b) * kIn + i);
            for (int i = 0; i < kUnits; ++i) sum += op.at(2, u * kUnits + i) * old[static_cast<size_t>(b * kUnits + i)];
            h[static_cast<size_t>(b * kUnits + u)] = std::tanh(sum);
          }
        want.insert(want.end(), h.begin(), h.end());
      }
    expect_close(time == 1 ? op.run(kRnn, RnnAttributes{.cell_activation = Activation::tanh})
                           : op.run(kUnidirectionalSequenceRnn,
                                    UnidirectionalSequenceRnnAttributes{.time_major = true,
                                                                        .cell_activation = Activation::tanh}),
                 want);
  }
}

TEST(RecurrentOps, SvdfLooksBack) {
  Random random;
  constexpr int kUnits = 3, kRank = 2, kMemory = 2, kFilters = kUnits * kRank;
  OpUnderTest op(random, {kBatch, kIn});
  op.constant({kFilters, kIn}).constant({kFilters, kMemory}).constant({kUnits}).state({kBatch, kFilters * kMemory});
  std::vector<double> want;
  for (int s = 0; s < kSamples; ++s)
    for (int b = 0; b < kBatch; ++b)
      for (int u = 0; u < kUnits; ++u) {
        double sum = op.at(3, u);
        for (int f = u * kRank; f < (u + 1) * kRank; ++f)
          for (int m = 0; m < kMemory; ++m) {
            int const sample = s - (kMemory - 1 - m);
            if (sample < 0) continue;
            for (int i = 0; i < kIn; ++i)
              sum += op.at(2, f * kMemory + m) * op.at(1, f * kIn + i) * op.x(sample, b * kIn + i);
          }
        want.push_back(std::max(sum, 0.0));
      }
  expect_close(op.run(kSvdf, SvdfAttributes{.rank = kRank, .activation = Activation::relu}), want);
}

/// With coupled gates, peepholes, layer normalization, a projection and bounds.
TEST(RecurrentOps, LstmWithAllParts) {
  Random random;
  constexpr int kCells = 5, kOut = 2;
  OpUnderTest op(random, {1, kTime, kIn});
  op.left_out();
  for (int g = 1; g < 4; ++g) op.constant({kCells, kIn});
  op.left_out();
  for (int g = 1; g < 4; ++g) op.constant({kCells, kOut});
  op.left_out().constant({kCells}).constant({kCells}).left_out();
  for (int g = 1; g < 4; ++g) op.constant({kCells});
  op.constant({kOut, kCells}).constant({kOut}).state({1, kOut}).state({1, kCells}).left_out();
  for (int g = 1; g < 4; ++g) op.constant({kCells});

  std::vector<double> h(kOut), c(kCells), want;
  auto const gate = [&](int s, int t, size_t g, size_t peephole, const std::vector<double>& cell) {
    std::vector<double> sums(kCells);
    double mean = 0, variance = 0;
    for (int u = 0; u < kCells; ++u) {
      double& sum = sums[static_cast<size_t>(u)];
      for (int i = 0; i < kIn; ++i) sum += op.at(1 + g, u * kIn + i) * op.x(s, t * kIn + i);
      for (int i = 0; i < kOut; ++i) sum += op.at(5 + g, u * kOut + i) * h[static_cast<size_t>(i)];
      if (peephole) sum += op.at(peephole, u) * cell[static_cast<size_t>(u)];
      mean += sum / kCells;
    }
    for (double sum : sums) variance += (sum - mean) * (sum - mean) / kCells;
    for (int u = 0; u < kCells; ++u) {
      double& sum = sums[static_cast<size_t>(u)];
      sum = (sum - mean) / std::sqrt(variance + 1e-8) * op.at(20 + g, u) + op.at(12 + g, u);
      sum = g == 2 ? std::tanh(sum) : 1 / (1 + std::exp(-sum));
    }
    return sums;
  };
  for (int s = 0; s < kSamples; ++s)
    for (int t = 0; t < kTime; ++t) {
      auto const forget = gate(s, t, 1, 10, c), candidate = gate(s, t, 2, 0, c);
      for (size_t u = 0; u < kCells; ++u)
        c[u] = std::clamp(forget[u] * c[u] + (1 - forget[u]) * candidate[u], -0.5, 0.5);
      auto const output = gate(s, t, 3, 11, c);
      for (int o = 0; o < kOut; ++o) {
        double sum = op.at(17, o);
        for (int u = 0; u < kCells; ++u)
          sum += op.at(16, o * kCells + u) * output[static_cast<size_t>(u)] * std::tanh(c[static_cast<size_t>(u)]);
        h[static_cast<size_t>(o)] = std::clamp(sum, -0.75, 0.75);
      }
      want.insert(want.end(), h.begin(), h.end());
    }
  expect_close(op.run(kUnidirectionalSequenceLstm,
                      UnidirectionalSequenceLstmAttributes{
                          .cell_activation = Activation::tanh, .cell_clip = 0.5F, .proj_clip = 0.75F}),
               want);
}

TEST(RecurrentOps, SayWhatDoesNotFit) {
  auto const refusal = [](const OpDef& def, const Attributes& attributes, std::vector<Shape> shapes) {
    OneOp op(def, attributes);
    for (const Shape& s : shapes) op.input<float>(s);
    auto const shapes_of_results = op.infer();
    return shapes_of_results ? std::string() : shapes_of_results.error().what;
  };
  Shape const x = Shape::of({2, 3}), w = Shape::of({4, 3}), r = Shape::of({4, 4}), b = Shape::of({4});
  EXPECT_EQ(refusal(kRnn, RnnAttributes{}, {x, w, r, b}), "");
  EXPECT_EQ(refusal(kRnn, RnnAttributes{}, {x, w, w, b}),
            "its recurrent weights have shape [4, 3], not [units, units]");
  EXPECT_EQ(refusal(kRnn, RnnAttributes{}, {x, r, r, b}), "the shape of its weights is [4, 4], not [4, 3]");
  EXPECT_EQ(refusal(kRnn, RnnAttributes{}, {b, w, r, b}), "its data has shape [4], not [batch, features]");
  EXPECT_EQ(refusal(kSvdf, SvdfAttributes{.rank = 3}, {x, w, r}), "its 4 filters are not made of units of rank 3");
  EXPECT_EQ(refusal(kSvdf, SvdfAttributes{.rank = 0}, {x, w, r}), "its 4 filters are not made of units of rank 0");
  EXPECT_EQ(refusal(kSvdf, SvdfAttributes{.rank = 2}, {x, w, r}), "");
  EXPECT_EQ(refusal(kUnidirectionalSequenceLstm, UnidirectionalSequenceLstmAttributes{}, {Shape::of({1, 2, 3})}),
            "it has no weights of the output gate");
}

}  // namespace
}  // namespace narrow
