// UNIDIRECTIONAL_SEQUENCE_LSTM on integers: what is refused, and how states begin. That results are the runtimes' is in
// oracle/single_op_test.py and oracle/micro_test.py.
#include <gtest/gtest.h>

#include <cmath>

#include "one_op.h"
#include "ops/recurrent/recurrent.h"
#include "read/read.h"
#include "tflite/write.h"

extern "C" {
#include "portable/fixed_point.h"
}

namespace narrow {
namespace {

constexpr int kHiddenZero = -7;

/// An op with one cell over one feature, two steps long.
struct SmallLstm {
  float cell_scale = 0x1p-12F;
  bool variables = true;
  bool intermediates = true;
  DType bias = DType::int32;
  UnidirectionalSequenceLstmAttributes attributes{.cell_activation = Activation::tanh};

  Model model() const {
    GraphBuilder b;
    Quantization const data = Quantization::of(0x1p-7F, 3), hidden = Quantization::of(0x1p-7F, kHiddenZero);
    std::vector<int> operands(24, kNoTensor);
    operands[0] = b.input({.dtype = DType::int8, .shape = Shape::of({1, 2, 1}), .quantization = data});
    for (size_t gate = 0; gate < 4; ++gate) {
      auto const weight = [&](int8_t value) {
        return b.constant(
            {.dtype = DType::int8, .shape = Shape::of({1, 1}), .quantization = Quantization::of(0x1p-6F, 0)},
            std::vector<int8_t>{value});
      };
      operands[1 + gate] = weight(static_cast<int8_t>(90 - 20 * static_cast<int>(gate)));
      operands[5 + gate] = weight(static_cast<int8_t>(30 * static_cast<int>(gate) - 50));
      Quantization const scale = Quantization::of(0x1p-13F, 0);
      operands[12 + gate] =
          bias == DType::int32
              ? b.constant({.dtype = bias, .shape = Shape::of({1}), .quantization = scale}, std::vector<int32_t>{500})
              : b.constant({.dtype = bias, .shape = Shape::of({1}), .quantization = scale}, std::vector<int64_t>{500});
    }
    Quantization const cell = Quantization::of(cell_scale, 0);
    auto const state = [&](DType dtype, const Quantization& q, auto zero) {
      if (!variables) return b.constant({.dtype = dtype, .shape = Shape::of({1, 1}), .quantization = q}, zero);
      int const t = b.tensor({.dtype = dtype, .shape = Shape::of({1, 1}), .quantization = q});
      b.at(t).variable = true;
      return t;
    };
    operands[18] = state(DType::int8, hidden, std::vector<int8_t>{kHiddenZero});
    operands[19] = state(DType::int16, cell, std::vector<int16_t>{0});
    int const y = b.tensor({.dtype = DType::int8, .shape = Shape::of({1, 2, 1}), .quantization = hidden});
    b.op(kUnidirectionalSequenceLstm, attributes, operands, {y});
    std::vector<int> inside;
    for (int i = 0; intermediates && i < 5; ++i)
      inside.push_back(b.tensor({.dtype = DType::int8, .shape = Shape::of({0}), .quantization = hidden}));
    b.graph().ops.back().intermediates = inside;
    b.outputs({y});
    auto done = b.finish();
    EXPECT_TRUE(done.has_value()) << done.error().what;
    return done ? std::move(*done) : Model{};
  }

  std::string refusal(const char* name) const {
    auto program = lower(std::make_shared<const Model>(model()), {.profile = profile(name)});
    return program ? "" : program.error().what;
  }
};

std::vector<int8_t> run(const Model& model, const std::vector<std::vector<int8_t>>& samples) {
  auto program = lower(std::make_shared<const Model>(model), {.profile = profile("tflm")});
  EXPECT_TRUE(program.has_value()) << program.error().what;
  if (!program) return {};
  Runner runner(std::move(*program));
  runner.restart();
  std::vector<int8_t> out;
  for (const std::vector<int8_t>& sample : samples) {
    std::memcpy(runner.input(0), sample.data(), sample.size());
    EXPECT_TRUE(runner.run(1).has_value());
    auto const* const y = reinterpret_cast<const int8_t*>(runner.output(0));
    out.insert(out.end(), y, y + 2);
  }
  return out;
}

TEST(IntegerLstm, RefusesWhatItCannotCompute) {
  EXPECT_EQ(SmallLstm{}.refusal("litert"), "");
  EXPECT_EQ(SmallLstm{}.refusal("tflm"), "");
  EXPECT_NE(SmallLstm{.cell_scale = 0.0003F}.refusal("tflm").find("no power of two"), std::string::npos);
  EXPECT_NE(SmallLstm{.cell_scale = 0x1p-8F}.refusal("tflm").find("no power of two"), std::string::npos);
  EXPECT_NE(SmallLstm{.cell_scale = 0x1p-16F}.refusal("narrow").find("no power of two"), std::string::npos);
  EXPECT_NE(SmallLstm{.intermediates = false}.refusal("litert").find("intermediate 4"), std::string::npos);
  EXPECT_EQ(SmallLstm{.intermediates = false}.refusal("tflm"), "");
  EXPECT_NE(SmallLstm{.bias = DType::int64}.refusal("tflm").find("is int64, not int32"), std::string::npos);
  SmallLstm relu;
  relu.attributes.cell_activation = Activation::relu;
  EXPECT_NE(relu.refusal("narrow").find("another activation than tanh"), std::string::npos);
}

// The state of the first sample is real zero, whose integer is the zero point.
TEST(IntegerLstm, BeginsWithRealZeros) {
  std::vector<std::vector<int8_t>> const samples{{50, -90}, {50, -90}, {50, -90}};
  std::vector<int8_t> const kept = run(SmallLstm{}.model(), samples),
                            anew = run(SmallLstm{.variables = false}.model(), samples);
  ASSERT_EQ(kept.size(), 6u);
  ASSERT_EQ(anew.size(), 6u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(anew[i], kept[i]);
    EXPECT_EQ(anew[i + 2], anew[i]);
    EXPECT_EQ(anew[i + 4], anew[i]);
  }
  EXPECT_NE(std::vector<int8_t>(kept.begin() + 2, kept.begin() + 4),
            std::vector<int8_t>(kept.begin(), kept.begin() + 2));
}

// Files hold such states as variables, and narrow knows them again.
TEST(IntegerLstm, StaysStatelessInAFile) {
  Model const model = SmallLstm{.variables = false}.model();
  auto const file = write_tflite(model);
  ASSERT_TRUE(file.has_value()) << file.error().what;
  auto const again = read_model(SharedBytes(*file), "again.tflite");
  ASSERT_TRUE(again.has_value()) << again.error().what;
  const Graph& graph = again->graphs[0];
  ASSERT_EQ(graph.ops.size(), 1u);
  const Tensor& hidden = graph.tensor(graph.ops[0].inputs[18]);
  EXPECT_TRUE(hidden.constant);
  EXPECT_FALSE(hidden.variable);
  EXPECT_EQ(hidden.values<int8_t>()[0], kHiddenZero);
  EXPECT_EQ(graph.tensor(graph.ops[0].inputs[19]).quantization.scale(), 0x1p-12F);
  std::vector<std::vector<int8_t>> const samples{{50, -90}, {-3, 7}};
  EXPECT_EQ(run(*again, samples), run(model, samples));
}

// With any number of integer bits that a cell state can have.
TEST(IntegerLstm, TakesTheTanhOfAnyCell) {
  for (int bits = 0; bits <= 6; ++bits)
    for (int v = -32768; v <= 32767; v += 7) {
      double const wanted = std::tanh(std::ldexp(v, bits - 15)) * 32768;
      EXPECT_NEAR(nw_fp_tanh(v, bits, 16), wanted, 40) << bits << " " << v;
    }
}

}  // namespace
}  // namespace narrow
