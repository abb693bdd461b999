// remove_dead_channels: the same integers out of fewer channels.
#include "dead_channels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "narrow/narrow.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/def/totals.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"
#include "read/read.h"
#include "same_model.h"
#include "shared_models.h"

namespace narrow {
namespace {

/// Small models of int8 layers with one scale, made by hand.
class Draft8 : public GraphBuilder {
 public:
  static constexpr int kZero = -128;  // of all activations

  int data(int size, int channels) {
    return input({.dtype = DType::int8, .shape = Shape::of({1, size, size, channels}), .quantization = of_data()});
  }
  int op(const OpDef& def, Attributes attributes, std::vector<int> inputs) {
    auto const made = infer_op(def, std::move(attributes), std::move(inputs),
                               {.dtype = DType::int8, .shape = {}, .quantization = of_data()});
    EXPECT_TRUE(made.has_value());
    return made.value_or(kNoTensor);
  }
  int weights(const Shape& shape, const std::vector<int8_t>& values) {
    return constant({.dtype = DType::int8, .shape = shape, .quantization = Quantization::of(0.125f, 0)}, values);
  }
  int bias(const std::vector<int32_t>& values) {
    return constant({.dtype = DType::int32,
                     .shape = Shape::of({static_cast<int32_t>(values.size())}),
                     .quantization = Quantization::of(0.03125f, 0)},
                    values);
  }
  /// A convolution whose weight of output o, tap k and input i is 1 + (5 o + 3 k + i) % 7, or 0 where the filter or the
  /// input is dead.
  int conv(int x, int outputs, int size, const std::vector<int32_t>& biases, std::vector<int> dead_filters = {},
           std::vector<int> dead_inputs = {}) {
    int const inputs = shape(x).back();
    std::vector<int8_t> values;
    for (int o = 0; o < outputs; ++o)
      for (int tap = 0; tap < size * size; ++tap)
        for (int i = 0; i < inputs; ++i) {
          bool const dead = std::ranges::count(dead_filters, o) + std::ranges::count(dead_inputs, i) > 0;
          values.push_back(static_cast<int8_t>(dead ? 0 : 1 + (o * 5 + tap * 3 + i) % 7));
        }
    return op(kConv2d, Conv2dAttributes{.padding = Padding::same},
              {x, weights(Shape::of({outputs, size, size, inputs}), values), bias(biases)});
  }
  Model with_output(int t) {
    outputs({t});
    auto model = finish();
    EXPECT_TRUE(model.has_value()) << model.error().what;
    return model ? *model : this->model();
  }

 private:
  static Quantization of_data() { return Quantization::of(0.25f, kZero); }
};

/// The operand of a role of op `index`.
const Tensor& operand_of(const Model& model, size_t index, size_t slot) {
  return model.main().tensor(model.main().ops[index].inputs[slot]);
}
std::vector<int32_t> biases_of(const Model& model, size_t index) {
  auto const values = operand_of(model, index, 2).values<int32_t>();
  return {values.begin(), values.end()};
}

TEST(DeadChannels, ConstantChannelsGoIntoTheNextBias) {
  Draft8 draft;
  // The sums of channel 1 are its bias: 8 * 0.03125 = 0.25, one step of the result above its zero point.
  int const x = draft.conv(draft.data(4, 2), 4, 1, {0, 8, 0, 0}, {1});
  Model const model = draft.with_output(draft.conv(x, 3, 1, {10, 20, 30}));
  Model const less = without_dead_channels(model);
  EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
  EXPECT_EQ(operand_of(less, 0, 1).shape.text(), "[3, 1, 1, 2]");
  EXPECT_EQ(biases_of(less, 0), (std::vector<int32_t>{0, 0, 0}));
  EXPECT_EQ(operand_of(less, 1, 0).shape.text(), "[1, 4, 4, 3]");
  EXPECT_EQ(operand_of(less, 1, 1).shape.text(), "[3, 1, 1, 3]");
  // The weights of channel 1 are 1 + (o * 5 + 1) % 7.
  EXPECT_EQ(biases_of(less, 1), (std::vector<int32_t>{10 + 2, 20 + 7, 30 + 5}));
}

TEST(DeadChannels, SaturatedChannelsAreConstant) {
  Draft8 draft;
  // No sum of two inputs and weights of at most 7 outweighs this bias; the result stays at its zero point.
  int const x = draft.conv(draft.data(4, 2), 4, 1, {0, 0, -100000, 0});
  Model const model = draft.with_output(draft.conv(x, 3, 3, {10, 20, 30}));
  Model const less = without_dead_channels(model);
  EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
  EXPECT_EQ(operand_of(less, 0, 1).shape.text(), "[3, 1, 1, 2]");
  EXPECT_EQ(biases_of(less, 1), (std::vector<int32_t>{10, 20, 30}));
}

TEST(DeadChannels, ConstantsBesideBordersStay) {
  // A window of 3 x 3 reads the zero point beyond the data, so only a channel that holds it adds the same everywhere.
  for (bool const depthwise : {false, true}) {
    Draft8 draft;
    int const x = draft.conv(draft.data(4, 2), 4, 1, {0, 8, 0, 0}, {1, 2});
    int const y = depthwise ? draft.op(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = Padding::same},
                                       {x, draft.weights(Shape::of({1, 3, 3, 4}), std::vector<int8_t>(36, 3)),
                                        draft.bias({8, 16, 24, 32})})
                            : draft.conv(x, 4, 3, {8, 16, 24, 32});
    Model const model = draft.with_output(draft.conv(y, 3, 1, {10, 20, 30}));
    Model const less = without_dead_channels(model);
    EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
    EXPECT_EQ(operand_of(less, 1, 0).shape.text(), "[1, 4, 4, 3]") << depthwise << ": channel 1 stays, channel 2 goes";
  }
}

TEST(DeadChannels, ChannelsThatNobodyTakesGo) {
  Draft8 draft;
  int const x = draft.conv(draft.data(4, 2), 6, 3, {0, 1, 2, 3, 4, 5});
  int const y = draft.op(kMaxPool2d, Pool2dAttributes{.filter_h = 2, .filter_w = 2}, {x});
  int const z = draft.conv(y, 5, 1, {1, 2, 3, 4, 5}, {}, {0, 5});
  int const sum = draft.op(kAdd, AddAttributes{}, {z, draft.conv(z, 5, 1, {5, 6, 7, 8, 9})});
  Model const model = draft.with_output(draft.conv(sum, 2, 1, {0, 0}, {}, {3}));
  Model const less = without_dead_channels(model);
  EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
  EXPECT_EQ(operand_of(less, 0, 1).shape.text(), "[4, 3, 3, 2]");
  EXPECT_EQ(operand_of(less, 2, 1).shape.text(), "[5, 1, 1, 4]") << "the convolution beside the sum reads channel 3";
}

TEST(DeadChannels, SumsLoseTheSameChannelsOnBothSides) {
  Draft8 draft;
  int const in = draft.data(4, 2);
  int const a = draft.conv(in, 5, 1, {1, 2, 3, 4, 5}, {1, 2}), b = draft.conv(in, 5, 1, {5, 6, 7, 8, 9}, {1, 3});
  Model const model = draft.with_output(draft.conv(draft.op(kAdd, AddAttributes{}, {a, b}), 2, 1, {0, 0}));
  Model const less = without_dead_channels(model);
  EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
  EXPECT_EQ(operand_of(less, 0, 1).shape.text(), "[4, 1, 1, 2]");
  EXPECT_EQ(operand_of(less, 1, 1).shape.text(), "[4, 1, 1, 2]");
}

TEST(DeadChannels, OpsThatRoundByPositionKeepTheirs) {
  // A result so coarse that XNNPACK does not take the sum: LiteRT rounds the last few elements of a run otherwise.
  for (float const scale : {0.25F, 300.0F}) {
    Draft8 draft;
    int const in = draft.data(4, 2);
    int const a = draft.conv(in, 5, 1, {1, 2, 3, 4, 5}, {1, 2}), b = draft.conv(in, 5, 1, {5, 6, 7, 8, 9}, {1, 3});
    auto const sum = draft.infer_op(kAdd, AddAttributes{}, {a, b},
                                    {.dtype = DType::int8, .shape = {}, .quantization = Quantization::of(scale, -128)});
    ASSERT_TRUE(sum.has_value());
    Model const model = draft.with_output(draft.conv(*sum, 2, 1, {0, 0}, {}, {1}));
    Model const less = without_dead_channels(model);
    EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
    EXPECT_EQ(operand_of(less, 0, 1).shape.text(), scale < 1 ? "[4, 1, 1, 2]" : "[5, 1, 1, 2]");
  }
}

TEST(DeadChannels, TwoChannelsStay) {
  Draft8 draft;
  int const x = draft.conv(draft.data(4, 2), 4, 1, {0, 8, 0, 0}, {0, 1, 2, 3});
  Model const model = draft.with_output(draft.conv(x, 3, 1, {10, 20, 30}));
  Model const less = without_dead_channels(model);
  EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
  EXPECT_EQ(operand_of(less, 0, 1).shape.text(), "[2, 1, 1, 2]");
}

TEST(DeadChannels, ConstantsThatOthersReadStayWhole) {
  Draft8 draft;
  int const in = draft.data(4, 4);
  int const shared = draft.weights(Shape::of({4, 1, 1, 4}), {1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12});
  int const biases = draft.bias({0, 0, 0, 0});
  int const a = draft.op(kConv2d, Conv2dAttributes{}, {in, shared, biases});
  int const b = draft.conv(a, 4, 1, {1, 2, 3, 4});
  draft.outputs({});
  int const c = draft.op(kConv2d, Conv2dAttributes{}, {b, shared, biases});
  Model const model = draft.with_output(c);
  Model const less = without_dead_channels(model);
  EXPECT_EQ(expect_same_outputs(model, less, 1), 4);
  EXPECT_EQ(operand_of(less, 0, 1).shape.text(), "[3, 1, 1, 4]");
  EXPECT_EQ(operand_of(less, 2, 1).shape.text(), "[4, 1, 1, 4]");
}

TEST(DeadChannels, ModelsWithoutAnyStayAsTheyAre) {
  Draft8 draft;
  Model const model = draft.with_output(draft.conv(draft.conv(draft.data(4, 2), 4, 1, {0, 0, 0, 0}), 3, 3, {1, 2, 3}));
  EXPECT_EQ(difference(model, without_dead_channels(model)), "");
}

TEST(DeadChannels, QuantizeRemovesThemFromWhatItMakes) {
  Random random;
  GraphBuilder builder;
  int const in = builder.input({.shape = Shape::of({1, 4, 4, 2})});
  auto const conv = [&](int x, int outputs, int zero_filter) {
    int const inputs = builder.shape(x).back();
    std::vector<float> weights = random.values<float>(int64_t{outputs} * inputs);
    for (int i = 0; i < inputs && zero_filter >= 0; ++i) weights[static_cast<size_t>(zero_filter * inputs + i)] = 0;
    int const w = builder.constant({.shape = Shape::of({outputs, 1, 1, inputs})}, weights);
    std::vector<float> const biases(static_cast<size_t>(outputs), -0.5F);
    int const b = builder.constant({.shape = Shape::of({outputs})}, biases);
    return *builder.infer_op(kConv2d, Conv2dAttributes{.activation = Activation::relu}, {x, w, b});
  };
  builder.outputs({conv(conv(in, 4, 2), 3, -1)});
  auto const model = std::make_shared<const Model>(*builder.finish());
  std::vector<float> const samples = random.values<float>(20 * 32);
  QuantizeRequest request;
  request.data.arrays.push_back(
      {.name = "", .dtype = DType::float32, .shape = {20, 4, 4, 2}, .values = std::as_bytes(std::span(samples))});
  for (Scheme const scheme : {Scheme::int8, Scheme::int16x8, Scheme::q7}) {
    request.scheme = scheme;
    auto const done = quantize(model, request);
    ASSERT_TRUE(done.has_value()) << done.error().what;
    EXPECT_EQ(operand_of(*done->model, 0, 1).shape.text(), "[3, 1, 1, 2]") << to_string(scheme);
  }
}

TEST(DeadChannels, QuantizeLeavesIntegerModelsAsTheyAre) {
  Draft8 draft;
  int const x = draft.conv(draft.data(4, 2), 4, 1, {0, 8, 0, 0}, {1});
  auto const model = std::make_shared<const Model>(draft.with_output(draft.conv(x, 3, 1, {10, 20, 30})));
  auto const done = quantize(model, {});
  ASSERT_TRUE(done.has_value()) << done.error().what;
  EXPECT_EQ(operand_of(*done->model, 0, 1).shape.text(), "[4, 1, 1, 2]");
}

TEST(DeadChannels, VisualWakeWords) {
  std::string const path = shared_folder() + "/data/mlperf-tiny/vww_int8_reference.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path;
  auto const model = read_model(path);
  ASSERT_TRUE(model.has_value());
  Model const less = without_dead_channels(*model);
  auto const conv_bytes = [](const Model& m) {
    int64_t bytes = 0;
    for (const Op& op : m.main().ops)
      if (op.def->macs && op.def != &kFullyConnected) bytes += m.main().tensor(op.inputs[1]).elements();
    return bytes;
  };
  EXPECT_EQ(totals(*model).macs, 7489664);  // 512 of them in the last layer
  EXPECT_EQ(conv_bytes(*model), 207600);
  EXPECT_EQ(totals(less).macs, 3727313);
  EXPECT_EQ(conv_bytes(less), 29022);
  EXPECT_EQ(expect_same_outputs(*model, less, 1, 8), 4);
}

}  // namespace
}  // namespace narrow
