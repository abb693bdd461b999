// Conversions at the border of a model, those that the file has and need not be, and those that float ops would cause.
#include "ops/conversions/conversions.h"

#include "ops/activations/activations.h"
#include "quantize/draft.h"

namespace narrow {
namespace {

TEST(IoTypes, UnsignedBytesAreSignedOnesMoved) {
  GraphDraft d;
  d.outputs({d.op(kRelu, {d.input("x", {-1, 3})}, "y", {0, 3})});
  auto const q = d.quantize(false, "int8", DType::uint8);
  ASSERT_TRUE(q) << q.error().what;
  const Graph& g = q->model.main();
  EXPECT_EQ(g.tensor(g.inputs[0]).dtype, DType::uint8);
  EXPECT_EQ(g.tensor(g.outputs[0]).dtype, DType::uint8);
  EXPECT_EQ(g.tensor(g.outputs[0]).quantization, Quantization::of(3.0f / 255, 0));  // -128 among signed ones
  EXPECT_EQ(count(g, "QUANTIZE"), 2);
  auto const wide = d.quantize(false, "int16x8", DType::uint8);
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().kind, ErrorKind::bad_option);
  EXPECT_NE(wide.error().what.find("`io=uint8` does not meet int16"), std::string::npos) << wide.error().what;
}

TEST(IoTypes, OtherWidthsHaveParametersOfTheirOwn) {
  for (const auto& [scheme, io, bits] : {std::tuple{"int16x8", DType::int8, 8}, {"int8", DType::int16, 16}}) {
    GraphDraft d;
    d.outputs({d.op(kTanh, {d.input("x", {-1, 3})}, "y", {-1, 1})});
    auto const q = d.quantize(false, scheme, io);
    ASSERT_TRUE(q) << q.error().what;
    const Graph& g = q->model.main();
    EXPECT_EQ(g.tensor(g.inputs[0]).quantization, activation_params({-1, 3}, bits).quantization()) << scheme;
    EXPECT_EQ(g.tensor(g.outputs[0]).quantization, activation_params({-1, 1}, bits).quantization()) << scheme;
  }
}

/// An int8 input that the file brings to uint8 with that zero point and back, then RELU of its real values.
Result<QuantizedModel> there_and_back(int64_t zero_point) {
  GraphDraft d;
  auto tensor = [&](const char* name, DType dtype, int64_t zero) {
    int const t = d.tensor(name, {}, dtype);
    d.graph().tensor(t).quantization = Quantization::of(0.1f, zero);
    return t;
  };
  int const x = tensor("x", DType::int8, -10), u = tensor("u", DType::uint8, zero_point);
  int const v = tensor("v", DType::int8, -10);
  d.graph().inputs = {x};
  d.GraphBuilder::op(kQuantize, {}, {x}, {u});
  d.GraphBuilder::op(kQuantize, {}, {u}, {v});
  int const f = d.op(kDequantize, {v}, "f", {-11.8f, 13.7f});
  d.outputs({d.op(kTanh, {f}, "y")});
  return d.quantize();
}

TEST(RedundantConversions, ByUnsignedBytesAndBackAreDropped) {
  auto const same = there_and_back(118), other = there_and_back(119);
  ASSERT_TRUE(same) << same.error().what;
  ASSERT_TRUE(other) << other.error().what;
  EXPECT_EQ(count(same->model.main(), "QUANTIZE"), 0);
  EXPECT_EQ(count(other->model.main(), "QUANTIZE"), 2);
}

TEST(FloatPartitions, TheTypesOfInputsAndOutputsCount) {
  for (DType io : {DType::float32, DType::int8}) {
    GraphDraft d;
    int const moved = d.op(kReshape, {d.input("x")}, "moved", {-1, 1}, ReshapeAttributes{.new_shape = {1, 4}});
    d.outputs({d.unknown(moved, "y")});
    auto const q = d.quantize(true, "int8", io);
    ASSERT_TRUE(q) << q.error().what;
    bool const is_float = io == DType::float32;
    EXPECT_EQ(q->ops[0].quantized, !is_float) << to_string(io);
    EXPECT_EQ(count(q->model.main(), "DEQUANTIZE"), is_float ? 0 : 1);
  }
}

}  // namespace
}  // namespace narrow
