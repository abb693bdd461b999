// Constants that a graph gives out as they are.
#include <gtest/gtest.h>

#include <limits>

#include "data_files.h"
#include "narrow/compile.h"
#include "narrow/evaluate.h"
#include "narrow/quantize.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"

namespace narrow {
namespace {

constexpr int64_t kSamples = 100;  // more than run at once

/// x + k, with k given out too, and other constants: floats, and integers whose type stays.
ModelPtr model_with(std::vector<float> floats) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 4}), .name = "x"});
  int const k = b.constant({.shape = Shape::of({4}), .name = "k"}, std::vector<float>{1, 2, 3, 4});
  int const sum = b.infer_op(kAdd, AddAttributes{}, {x, k}).value();
  int const own = b.constant({.shape = Shape::of({static_cast<int32_t>(floats.size())}), .name = "own"}, floats);
  int const integers =
      b.constant({.dtype = DType::int32, .shape = Shape::of({2}), .name = "n"}, std::vector<int32_t>{-7, 1 << 10});
  b.outputs({sum, k, own, integers});
  return std::make_shared<const Model>(b.finish().value());
}

DataSource ramp() {
  static const std::vector<float> values = [] {
    std::vector<float> out;
    for (int i = 0; i < kSamples * 4; ++i) out.push_back(static_cast<float>(i % 64) / 64);
    return out;
  }();
  DataSource out;
  out.arrays.push_back({.name = "x", .shape = {kSamples, 1, 4}, .values = std::as_bytes(std::span(values))});
  return out;
}

/// The error of a model beside another, over all outputs and samples.
ErrorSums error_of(const ModelPtr& model, const ModelPtr& reference) {
  EvaluateRequest request;
  request.data = ramp();
  request.reference = reference;
  auto const done = evaluate(std::vector{model}, request);
  EXPECT_TRUE(done) << done.error().what;
  return done ? done->front().error.value() : ErrorSums{};
}

TEST(ConstantOutputs, AreWhatTheyAreForEverySample) {
  ModelPtr const model = model_with({-2, 0.5F});
  auto const same = error_of(model, model);
  EXPECT_EQ(same.noise, 0);
  // The signal is what all outputs hold, squared.
  double signal = 0;
  for (int64_t i = 0; i < kSamples * 4; ++i) {
    double const sum = static_cast<double>(i % 64) / 64 + static_cast<double>(i % 4 + 1);
    signal += sum * sum;
  }
  signal += kSamples * (1.0 + 4 + 9 + 16 + 4 + 0.25 + 49 + 0x1p20);
  EXPECT_DOUBLE_EQ(same.signal, signal);
}

TEST(ConstantOutputs, AreQuantizedByTheirOwnRange) {
  ModelPtr const model = model_with({-2, 0.5F});
  for (Scheme const scheme : {Scheme::int8, Scheme::int16x8, Scheme::int16, Scheme::q7, Scheme::q15}) {
    QuantizeRequest request;
    request.scheme = scheme;
    request.data = ramp();
    for (std::optional<DType> const io : {std::optional<DType>(), std::optional(DType::float32)}) {
      request.io = io;
      auto const done = quantize(model, request);
      ASSERT_TRUE(done) << to_string(scheme) << ": " << done.error().what;
      EXPECT_LT(error_of(done->model, model).mse(), 1e-3) << to_string(scheme);
    }
  }
}

TEST(ConstantOutputs, AreCompiled) {
  ScratchFolder const scratch("constant-outputs");
  ModelPtr const model = model_with({-2, 0.5F});
  CompileRequest request;
  request.folder = scratch / "net";
  auto const floats = compile(model, request);
  ASSERT_FALSE(floats);
  EXPECT_EQ(floats.error().kind, ErrorKind::unsupported);
  QuantizeRequest quantization;
  quantization.data = ramp();
  auto const integers = quantize(model, quantization);
  ASSERT_TRUE(integers) << integers.error().what;
  auto const done = compile(integers->model, request);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->steps.size(), 4U);  // the sum, and three copies
}

TEST(ConstantOutputs, InfinitiesHaveNoIntegers) {
  QuantizeRequest request;
  request.data = ramp();
  ModelPtr const model = model_with({-std::numeric_limits<float>::infinity(), 1});
  auto const refused = quantize(model, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::bad_data);
  EXPECT_EQ(refused.error().remedy, "use `io=float32`");
  request.io = DType::float32;
  EXPECT_TRUE(quantize(model, request));
}

}  // namespace
}  // namespace narrow
