// Small models in which a fault of the quantizer costs whole results: their outputs stay near the float ones.
#include "quantize/accuracy.h"

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/conversions/fake_quant.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/windows/windows.h"
#include "random.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

constexpr int kSamples = 40;
constexpr const char* kIntegerSchemes[] = {"int8", "int16x8", "int16", "q15", "q7"};

/// Samples in [-largest, largest] of the first input.
Values samples_of(const Model& model, float largest) {
  Random r;
  Values out(1);
  out[0].resize(static_cast<size_t>(model.main().tensor(model.main().inputs[0]).elements() * kSamples));
  for (float& v : out[0]) v = static_cast<float>(r.real(-1, 1)) * largest;
  return out;
}

void expect_accurate(const Model& model, float largest, double int8_bound) {
  for (const char* scheme : kIntegerSchemes) {
    SCOPED_TRACE(scheme);
    double const less = scheme == std::string("q7") ? 9 : 0;  // scales up to twice as large, and zero in the middle
    EXPECT_GT(accuracy(model, samples_of(model, largest), kSamples, scheme), int8_bound - less);
  }
}

TEST(Accuracy, OutputsThatAClampReadsTooAreNotCut) {
  using Clamp = int (*)(Draft&, int);
  constexpr Clamp kClamps[] = {
      [](Draft& d, int x) { return d.op(kRelu, {}, {x}); },
      [](Draft& d, int x) { return d.op(kRelu6, {}, {x}); },
      [](Draft& d, int x) {
        return d.op(kMinimum, {}, {x, d.floats(Shape(), {1.5f})});
      },
      [](Draft& d, int x) { return d.op(kRelu6, {}, {d.op(kMaxPool2d, Pool2dAttributes{.filter_h = 2}, {x})}); },
  };
  for (size_t i = 0; i < std::size(kClamps); ++i) {
    SCOPED_TRACE(i);
    Draft d;
    int const x = d.input(Shape::of({1, 3, 3, 4}));
    int const sum = d.op(kAdd, AddAttributes{}, {x, d.floats(Shape::of({4}), {1, -1, 2, 0.5f})});
    d.graph().outputs = {kClamps[i](d, sum), sum};
    expect_accurate(d.model(), 20, 36);
  }
}

TEST(Accuracy, ConstantsBeyondTheParametersOfTheirOpSaturate) {
  for (float bound : {5.0f, 50.0f, 1e6f, 3e38f})
    for (bool most : {false, true}) {
      SCOPED_TRACE(bound);
      Draft d;
      int const x = d.input(Shape::of({1, 4}));
      int const c = d.floats(Shape(), {most ? bound : -bound});
      d.graph().outputs = {d.op(kRelu6, {}, {d.op(most ? kMinimum : kMaximum, {}, {x, c})})};
      expect_accurate(d.model(), 3, 35);
    }
}

/// x + c, c a constant that ops of the file bring to `dtype` with few integers for its values.
Model sum_with_stored(DType dtype, const Quantization& q) {
  Draft d;
  int const x = d.input(Shape::of({1, 4}));
  int const c = d.floats(Shape::of({4}), {100, -100, 1.25f, -0.5f});
  int const stored = d.op(kQuantize, {}, {c}, dtype);
  d.graph().tensor(stored).quantization = q;
  d.graph().outputs = {d.op(kAdd, AddAttributes{}, {x, d.op(kDequantize, {}, {stored})})};
  return d.model();
}

TEST(Accuracy, ConstantsBeyondTheParametersOfTheFileSaturate) {
  for (Model const& model : {sum_with_stored(DType::int8, Quantization::of(0.0625f, 9)),
                             sum_with_stored(DType::int16, Quantization::of(0x1p-12f, 0))})
    for (const char* scheme : kIntegerSchemes) {
      SCOPED_TRACE(scheme);
      EXPECT_GT(accuracy(model, samples_of(model, 3), kSamples, scheme), 28);
    }
}

/// A dense layer whose weights [2, 4] are dequantized from constants of `dtype` with these bytes.
template <class T>
Model dense_with_stored(DType dtype, const std::vector<T>& stored, const Quantization& q) {
  Draft d;
  int const x = d.input(Shape::of({1, 4}));
  int const w = d.constant(Shape::of({2, 4}), stored, dtype);
  d.graph().tensor(w).quantization = q;
  int const real = d.op(kDequantize, {}, {w});
  d.graph().ops.back().version = 3;
  d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, real})};
  return d.model();
}

TEST(Accuracy, WeightsThatTheFileStoresAreTheirRealValues) {
  std::vector<Model> const models{
      dense_with_stored<uint8_t>(DType::uint8, {0, 255, 128, 100, 140, 3, 7, 200}, Quantization::of(0.01f, 120)),
      dense_with_stored<int8_t>(DType::int8, {-128, 127, 3, 100, 140 - 256, 3, 7, -56}, Quantization::of(0.01f, -20)),
      dense_with_stored<uint16_t>(DType::float16, {0x3C00, 0xBC00, 0x3800, 0x4200, 0x3555, 0, 0x3A00, 0xB800}, {}),
  };
  for (const Model& model : models) {
    SCOPED_TRACE(to_string(model.main().tensor(model.main().ops[0].inputs[0]).dtype));
    for (const char* scheme : {"int8", "int16x8"})
      EXPECT_GT(accuracy(model, samples_of(model, 2), kSamples, scheme), 37) << scheme;
  }
}

TEST(Accuracy, WeightsOfFourBitsAreThoseOfEight) {
  Quantization const q{{0.1f, 0.3f}, {0, 0}, 0};  // the low half of a byte comes first
  Model const packed = dense_with_stored<uint8_t>(DType::int4, {0x78, 0xF1, 0x80, 0x9A}, q);
  Model const plain = dense_with_stored<int8_t>(DType::int8, {-8, 7, 1, -1, 0, -8, -6, -7}, q);
  ModelRun const measured = run_model(plain, samples_of(plain, 2), kSamples);
  auto const quantized = quantize_as_measured(packed, measured, "int16x8", true);
  ASSERT_TRUE(quantized) << quantized.error().what;
  ModelRun const got = run_model(quantized->model, samples_of(plain, 2), kSamples);
  EXPECT_GT(sqnr(measured.outputs[0], got.outputs[0]), 60);
}

TEST(Accuracy, WeightsBeyondTheParametersOfTheFileSaturate) {
  for (const auto& [dtype, q] : {std::pair{DType::int8, Quantization::of(0.0625f, 0)},
                                 {DType::int8, Quantization::of(0.0625f, 5)},
                                 {DType::int16, Quantization::of(0x1p-12f, 0)}}) {
    Draft d;
    int const x = d.input(Shape::of({1, 4}));
    int const w = d.floats(Shape::of({2, 4}), {100, -100, 1.25f, -0.5f, 7, 3, -8, 2});
    int const stored = d.op(kQuantize, {}, {w}, dtype);
    d.graph().tensor(stored).quantization = q;
    d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, d.op(kDequantize, {}, {stored})})};
    for (const char* scheme : {"int8", "int16x8"}) {
      SCOPED_TRACE(scheme);
      EXPECT_GT(accuracy(d.model(), samples_of(d.model(), 2), kSamples, scheme), 36);
    }
  }
}

TEST(Accuracy, WeightsBeyondTheirFakeQuantAreCut) {
  Draft d;
  int const x = d.input(Shape::of({1, 4}));
  int const w = d.floats(Shape::of({2, 4}), {5, -5, 0.3f, 0.25f, -0.4f, 0.5f, 7, 0.1f});
  int const cut = d.op(kFakeQuant, FakeQuantAttributes{.min = -0.5f, .max = 0.75f}, {w});
  d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, cut})};
  for (const char* scheme : {"int8", "int16x8"}) {
    SCOPED_TRACE(scheme);
    EXPECT_GT(accuracy(d.model(), samples_of(d.model(), 2), kSamples, scheme), 36);
  }
}

TEST(Accuracy, AConcatenationOfAFixedAndAWideOperand) {
  Draft d;
  int const x = d.input(Shape::of({1, 4}));
  d.graph().outputs = {d.op(kConcatenation, ConcatenationAttributes{.axis = 1},
                            {d.op(kLogistic, {}, {x}), x, d.floats(Shape::of({1, 1}), {7})})};
  expect_accurate(d.model(), 5, 38);
}

TEST(Accuracy, TinyRangesGiveTinyResults) {
  for (const char* scheme : {"int8", "int16x8", "int16"}) {
    SCOPED_TRACE(scheme);
    Draft d;
    int const x = d.input(Shape::of({1, 4}));
    d.graph().outputs = {d.op(kAdd, AddAttributes{}, {x, d.floats(Shape::of({4}), {1e-9f, 0, -1e-9f, 0})})};
    Values const inputs = samples_of(d.model(), 1e-9f);
    ModelRun const measured = run_model(d.model(), inputs, kSamples);
    auto const quantized = quantize_as_measured(d.model(), measured, scheme);
    ASSERT_TRUE(quantized) << quantized.error().what;
    ModelRun const got = run_model(quantized->model, inputs, kSamples);
    for (float v : got.outputs[0]) EXPECT_LT(std::abs(v), 2e-8f);
  }
}

TEST(Accuracy, LayersWithoutABiasSayHowWideTheirSumsAre) {
  Draft d;
  int const x = d.input(Shape::of({1, 4}));
  int const w = d.floats(Shape::of({2, 4}), {1, -0.5f, 0.3f, 0.25f, -0.4f, 0.5f, 2, 0.1f});
  d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, w})};
  expect_accurate(d.model(), 2, 38);
  ModelRun const measured = run_model(d.model(), samples_of(d.model(), 2), kSamples);
  auto stated = [&](const char* scheme) {
    auto const q = quantize_as_measured(d.model(), measured, scheme);
    for (const Op& op : q->model.main().ops)
      if (op.def == &kFullyConnected)
        return OpView{q->model.main(), op}.attributes<FullyConnectedAttributes>().quantized_bias_type;
    return DType::float32;
  };
  EXPECT_EQ(stated("int8"), DType::int32);
  EXPECT_EQ(stated("int16x8"), DType::int64);
  EXPECT_EQ(stated("int16"), DType::int64);
}

}  // namespace
}  // namespace narrow
