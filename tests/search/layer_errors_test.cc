// Errors of layers beside a float model, on small models whose errors are worked out by hand.
#include "search/layer_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/layout.h"
#include "search/channel_gains.h"

namespace narrow {
namespace {

using ::testing::IsEmpty;
using ::testing::Pointwise;

constexpr int32_t kWide = 6;
constexpr int64_t kMany = 37;

const Shape kRow = Shape::of({1, kWide});

std::shared_ptr<const Model> finished(GraphBuilder& b, int output) {
  b.outputs({output});
  b.model().source = "test";
  return std::make_shared<const Model>(b.model());
}

/// x -> RESHAPE -> a -> RESHAPE -> b, in floats.
std::shared_ptr<const Model> float_chain() {
  GraphBuilder b;
  int const x = b.input({.shape = kRow, .name = "x"});
  int const a = b.tensor({.shape = kRow, .name = "a"});
  int const y = b.tensor({.shape = kRow, .name = "b"});
  b.op(kReshape, ReshapeAttributes{{1, kWide}}, {x}, {a});
  b.op(kReshape, ReshapeAttributes{{1, kWide}}, {a}, {y});
  return finished(b, y);
}

/// The same with int8 tensors of these scales: QUANTIZE goes from one to the next.
std::shared_ptr<const Model> int8_chain(float x_scale, float a_scale, float b_scale) {
  GraphBuilder b;
  auto spec = [](const char* name, float scale) {
    return TensorSpec{DType::int8, kRow, name, Quantization::of(scale, 0)};
  };
  int const x = b.input(spec("x", x_scale)), a = b.tensor(spec("a", a_scale)), y = b.tensor(spec("b", b_scale));
  b.op(kQuantize, {}, {x}, {a});
  b.op(kQuantize, {}, {a}, {y});
  return finished(b, y);
}

float value(int64_t sample, int32_t place) {
  return static_cast<float>((sample * 31 + place * 17) % 41 - 20) / 8;  // multiples of 1/8 within +-2.5
}

float rounded(float v, float scale) {
  return std::clamp(std::round(v / scale), -128.0F, 127.0F) * scale;
}

/// The values above, as floats or as int8 with a scale.
class Values : public Samples {
 public:
  explicit Values(float scale = 0) : scale_(scale) {}
  int64_t size() const override { return kMany; }
  uint64_t fingerprint() const override { return 3; }
  Status read(int64_t first, int count, size_t, std::byte* out) const override {
    for (int64_t k = first; k < first + count; ++k)
      for (int32_t i = 0; i < kWide; ++i) {
        float const v = value(k, i);
        if (scale_ > 0)
          *reinterpret_cast<int8_t*>(out) = static_cast<int8_t>(std::lround(rounded(v, scale_) / scale_));
        else
          *reinterpret_cast<float*>(out) = v;
        out += scale_ > 0 ? 1 : sizeof(float);
      }
    return {};
  }

 private:
  float scale_;
};

std::vector<LayerError> errors(float x_scale, float a_scale, float b_scale, int threads = 1) {
  Candidate const reference{float_chain(), std::make_shared<Values>()};
  Candidate const quantized{int8_chain(x_scale, a_scale, b_scale), std::make_shared<Values>(x_scale)};
  auto out = layer_errors(reference, quantized, {.samples = kMany, .threads = threads});
  EXPECT_TRUE(out) << out.error().what;
  return *out;
}

/// The sum of squared differences of what `f` makes of the values.
template <class F>
double noise_of(F f) {
  double out = 0;
  for (int64_t k = 0; k < kMany; ++k)
    for (int32_t i = 0; i < kWide; ++i) out += std::pow(static_cast<double>(f(value(k, i)) - value(k, i)), 2);
  return out;
}

TEST(LayerErrors, NoErrorWhereIntegersStandForAllValues) {
  auto const e = errors(0.125F, 0.125F, 0.125F);
  ASSERT_EQ(e.size(), 3);
  EXPECT_FALSE(e[0].isolated);  // an input is computed by no op
  for (const LayerError& tensor : e) {
    EXPECT_EQ(tensor.accumulated.noise, 0);
    EXPECT_EQ(tensor.accumulated.values, kMany * kWide);
    EXPECT_EQ(tensor.clipped, 0);
  }
  EXPECT_TRUE(std::isinf(e[1].isolated->sqnr_db()));
  EXPECT_TRUE(std::isinf(e[2].isolated->sqnr_db()));
}

TEST(LayerErrors, ALayerAloneStartsFromTheFloatModelsValues) {
  auto const e = errors(0.5F, 0.03125F, 0.25F);
  // The input is coarse and `a` is fine: `b` alone has the error of its own steps.
  EXPECT_NEAR(e[0].accumulated.noise, noise_of([](float v) { return rounded(v, 0.5F); }), 1e-9);
  EXPECT_NEAR(e[2].accumulated.noise, noise_of([](float v) { return rounded(rounded(v, 0.5F), 0.25F); }), 1e-9);
  EXPECT_NEAR(e[2].isolated->noise, noise_of([](float v) { return rounded(rounded(v, 0.03125F), 0.25F); }), 1e-9);
  EXPECT_LT(e[2].isolated->noise, e[2].accumulated.noise);
}

TEST(LayerErrors, CountsIntegersAndWhatIsClipped) {
  auto const e = errors(0.125F, 0.0078125F, 0.125F);  // `a` ends at 127/128
  int64_t beyond = 0;
  for (int64_t k = 0; k < kMany; ++k)
    for (int32_t i = 0; i < kWide; ++i) beyond += value(k, i) > 0.9961F || value(k, i) < -1.0040F;
  EXPECT_GT(beyond, 0);
  EXPECT_EQ(e[1].clipped, beyond);
  uint64_t total = 0;
  for (uint64_t const n : e[1].codes) total += n;
  EXPECT_EQ(total, static_cast<uint64_t>(kMany * kWide));
  EXPECT_EQ(e[1].codes.size(), 256);
  int64_t least = 0;
  for (int64_t k = 0; k < kMany; ++k)
    for (int32_t i = 0; i < kWide; ++i) least += value(k, i) <= -1;
  EXPECT_EQ(e[1].codes.front(), static_cast<uint64_t>(least));
}

TEST(LayerErrors, SameForAnyNumberOfThreads) {
  auto const one = errors(0.3F, 0.07F, 0.11F, 1), four = errors(0.3F, 0.07F, 0.11F, 4);
  for (size_t k = 0; k < one.size(); ++k) {
    EXPECT_EQ(one[k].accumulated.noise, four[k].accumulated.noise);
    EXPECT_EQ(one[k].codes, four[k].codes);
    ASSERT_EQ(one[k].isolated.has_value(), four[k].isolated.has_value());
    EXPECT_EQ(one[k].isolated.value_or(ErrorSums{}).noise, four[k].isolated.value_or(ErrorSums{}).noise);
  }
}

TEST(ChannelGains, FindsFactorsAndNoOthers) {
  std::vector<float> const factors{1, 2, 4, 0.5F, 8, 3};
  GraphBuilder b;
  int const x = b.input({.shape = kRow, .name = "x"});
  int const by = b.constant({.shape = kRow, .name = "factors"}, factors);
  int const a = b.tensor({.shape = kRow, .name = "a"});
  b.op(kMul, MulAttributes{}, {x, by}, {a});
  Candidate const scaled{finished(b, a), std::make_shared<Values>()};
  GraphBuilder f;
  int const fx = f.input({.shape = kRow, .name = "x"});
  int const fa = f.tensor({.shape = kRow, .name = "a"});
  f.op(kReshape, ReshapeAttributes{{1, kWide}}, {fx}, {fa});
  Candidate const plain{finished(f, fa), std::make_shared<Values>()};
  auto const found = channel_gains(plain, scaled, {.samples = kMany});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT((*found)[1], Pointwise(testing::FloatNear(1e-5F), factors));
  EXPECT_THAT((*found)[0], IsEmpty());

  Candidate const chain{float_chain(), std::make_shared<Values>()};
  Candidate const coarse{int8_chain(0.5F, 0.5F, 0.5F), std::make_shared<Values>(0.5F)};
  auto const none = channel_gains(chain, coarse, {.samples = kMany});
  ASSERT_TRUE(none) << none.error().what;
  for (const auto& gains : *none) EXPECT_THAT(gains, IsEmpty());
}

}  // namespace
}  // namespace narrow
