// Layers of Keras networks as ops: their forms, what they compute, and what is refused.
#include "read/keras/build_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ops/check/validate.h"
#include "program/runner.h"

namespace narrow {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

KerasArray array(const char* name, std::initializer_list<int32_t> shape, std::vector<float> values) {
  return {name, Shape::of(shape), std::move(values)};
}

KerasLayer layer(const char* class_name, const char* name, json config, std::vector<KerasArray> weights = {}) {
  KerasLayer out;
  out.class_name = class_name;
  out.name = name;
  out.config = std::move(config);
  out.weights = std::move(weights);
  return out;
}

/// Layers one behind the other, over inputs of the shape [free, shape...]. The first is called with `inputs` of them.
KerasNetwork chain(json shape, std::vector<KerasLayer> layers, int inputs = 1) {
  KerasNetwork out;
  shape.insert(shape.begin(), nullptr);
  std::vector<KerasTensor> last;
  for (int i = 0; i < inputs; ++i) {
    std::string const name = "x" + std::to_string(i);
    out.layers.push_back(layer("InputLayer", name.c_str(), {{"batch_shape", shape}}));
    out.inputs.push_back({name});
    last.push_back({name});
  }
  for (KerasLayer& l : layers) {
    l.calls = {{last}};
    last = {{l.name}};
    out.layers.push_back(std::move(l));
  }
  out.outputs = last;
  return out;
}

Model model_of(const KerasNetwork& network) {
  auto model = build_model(network, "m.keras", {});
  EXPECT_TRUE(model) << model.error().what << " " << model.error().where;
  if (!model) return {};
  auto const settled = settle(*model);
  EXPECT_TRUE(settled) << settled.error().what << " " << settled.error().where;
  return std::move(*model);
}

std::vector<std::string> types_of(const KerasNetwork& network) {
  Model const model = model_of(network);
  std::vector<std::string> out;
  for (const Op& op : model.main().ops) out.push_back(op.type);
  return out;
}

/// The values of the only output for one sample of each input.
std::vector<float> run(const KerasNetwork& network, const std::vector<std::vector<float>>& inputs) {
  auto model = std::make_shared<const Model>(model_of(network));
  if (model->graphs.empty()) return {};
  auto program = lower(model, {.profile = all_profiles().front()});
  EXPECT_TRUE(program) << program.error().what << " " << program.error().where;
  if (!program) return {};
  Runner runner(std::move(*program));
  for (size_t i = 0; i < inputs.size(); ++i)
    std::copy(inputs[i].begin(), inputs[i].end(), reinterpret_cast<float*>(runner.input(i)));
  EXPECT_TRUE(runner.run(1));
  const auto* const out = reinterpret_cast<const float*>(runner.output(0));
  return {out, out + model->main().tensor(model->main().outputs[0]).elements()};
}

std::string refusal(const KerasNetwork& network) {
  auto const model = build_model(network, "m.keras", {});
  if (model) return "read";
  return std::string(to_string(model.error().kind)) + ": " + model.error().what + " (" + model.error().where + ")";
}

testing::Matcher<std::vector<float>> near(std::vector<float> values) {
  return testing::Pointwise(testing::FloatNear(1e-5f), std::move(values));
}

KerasLayer dense() {
  return layer("Dense", "dense", {{"units", 2}, {"activation", "relu"}},
               {array("kernel", {3, 2}, {1, 2, 3, 4, 5, 6}), array("bias", {2}, {10, -100})});
}

TEST(KerasLayers, DenseHasItsWeightsTurnedAndItsActivationBehind) {
  KerasNetwork const n = chain({3}, {dense()});
  EXPECT_THAT(types_of(n), ElementsAre("FULLY_CONNECTED", "RELU"));
  EXPECT_THAT(run(n, {{1, 2, 3}}), ElementsAre(32, 0));
  Model const m = model_of(n);
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).name, "dense");
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).shape_signature, (std::vector<int32_t>{-1, 2}));
  ASSERT_EQ(m.signatures.size(), 1u);
  EXPECT_EQ(m.signatures[0].key, "serving_default");
  EXPECT_EQ(m.signatures[0].inputs[0].first, "x0");
}

TEST(KerasLayers, ConvolutionsOfOneAndTwoDimensions) {
  KerasLayer const conv = layer("Conv2D", "conv", {{"filters", 1}, {"kernel_size", {2, 1}}, {"use_bias", false}},
                                {array("kernel", {2, 1, 1, 1}, {1, 10})});
  EXPECT_THAT(run(chain({2, 2, 1}, {conv}), {{1, 2, 3, 4}}), ElementsAre(31, 42));
  KerasLayer const causal = layer("Conv1D", "causal", {{"filters", 1}, {"kernel_size", {2}}, {"padding", "causal"}},
                                  {array("kernel", {2, 1, 1}, {10, 1}), array("bias", {1}, {0.5f})});
  EXPECT_THAT(run(chain({3, 1}, {causal}), {{1, 2, 3}}), ElementsAre(1.5f, 12.5f, 23.5f));
  KerasLayer const deep =
      layer("DepthwiseConv2D", "deep", {{"kernel_size", 1}, {"depth_multiplier", 2}, {"use_bias", false}},
            {array("depthwise_kernel", {1, 1, 2, 2}, {1, 2, 3, 4})});
  EXPECT_THAT(run(chain({1, 1, 2}, {deep}), {{1, 10}}), ElementsAre(1, 2, 30, 40));
  KerasLayer const separable = layer("SeparableConv2D", "separable", {{"filters", 1}, {"kernel_size", {1, 1}}},
                                     {array("depthwise_kernel", {1, 1, 2, 1}, {2, 3}),
                                      array("pointwise_kernel", {1, 1, 2, 1}, {1, 10}), array("bias", {1}, {5})});
  EXPECT_THAT(run(chain({1, 1, 2}, {separable}), {{1, 1}}), ElementsAre(37));
  KerasLayer const transposed =
      layer("Conv2DTranspose", "transposed",
            {{"filters", 1}, {"kernel_size", {1, 2}}, {"strides", {1, 2}}, {"use_bias", false}},
            {array("kernel", {1, 2, 1, 1}, {1, 10})});
  EXPECT_THAT(run(chain({1, 2, 1}, {transposed}), {{1, 2}}), ElementsAre(1, 10, 2, 20));
}

TEST(KerasLayers, NormalizationIsProductAndSum) {
  KerasLayer const norm =
      layer("BatchNormalization", "norm", {{"epsilon", 0.0}, {"axis", {1}}, {"scale", false}},
            {array("beta", {2}, {1, 2}), array("moving_mean", {2}, {3, 4}), array("moving_variance", {2}, {4, 16})});
  EXPECT_THAT(types_of(chain({2}, {norm})), ElementsAre("MUL", "ADD"));
  EXPECT_THAT(run(chain({2}, {norm}), {{5, 8}}), near({2, 3}));
  KerasLayer const own =
      layer("LayerNormalization", "own", {{"epsilon", 0.0}}, {array("gamma", {2}, {2, 3}), array("beta", {2}, {1, 1})});
  EXPECT_THAT(run(chain({2}, {own}), {{1, 5}}), near({-1, 4}));
}

TEST(KerasLayers, NormalizationTakesItsMeanFromTheSettingsOrTheWeights) {
  KerasLayer const given = layer("Normalization", "l", {{"axis", {-1}}, {"mean", {{1, 2}}}, {"variance", {{4, 16}}}});
  EXPECT_THAT(run(chain({2}, {given}), {{5, 10}}), near({2, 2}));
  KerasLayer const adapted =
      layer("Normalization", "l", {{"axis", {1}}, {"mean", nullptr}, {"invert", true}},
            {array("mean", {2}, {1, 2}), array("variance", {2}, {4, 0}), array("count", {}, {9})});
  EXPECT_THAT(run(chain({2, 1}, {adapted}), {{3, 1e7f}}), near({7, 3}));
  KerasLayer const all = layer("Normalization", "l", {{"axis", nullptr}, {"mean", 1}, {"variance", 4}});
  EXPECT_THAT(run(chain({2}, {all}), {{5, 9}}), near({2, 4}));
  EXPECT_THAT(refusal(chain({2}, {layer("Normalization", "l", {{"axis", {-1}}})})),
              HasSubstr("bad_file: the file has no mean for it"));
}

TEST(KerasLayers, PoolsAndSizes) {
  std::vector<float> const x{1, 2, 3, 4};
  EXPECT_THAT(run(chain({2, 2, 1}, {layer("MaxPooling2D", "l", {{"pool_size", {1, 2}}})}), {x}), ElementsAre(2, 4));
  EXPECT_THAT(run(chain({4, 1}, {layer("AveragePooling1D", "l", {{"pool_size", 2}, {"strides", 1}})}), {x}),
              ElementsAre(1.5f, 2.5f, 3.5f));
  EXPECT_THAT(run(chain({2, 2, 1}, {layer("GlobalAveragePooling2D", "l", json::object())}), {x}), ElementsAre(2.5f));
  EXPECT_THAT(run(chain({2, 2}, {layer("GlobalMaxPooling1D", "l", {{"keepdims", true}})}), {x}), ElementsAre(3, 4));
  EXPECT_THAT(run(chain({4, 1}, {layer("Cropping1D", "l", {{"cropping", {1, 2}}})}), {x}), ElementsAre(2));
  EXPECT_THAT(run(chain({1, 2, 1}, {layer("ZeroPadding2D", "l", {{"padding", {{0, 1}, {1, 0}}}})}), {{7, 8}}),
              ElementsAre(0, 7, 8, 0, 0, 0));
  EXPECT_THAT(run(chain({2, 1}, {layer("UpSampling1D", "l", {{"size", 2}})}), {{7, 8}}), ElementsAre(7, 7, 8, 8));
}

TEST(KerasLayers, ShapesAndMerges) {
  EXPECT_THAT(run(chain({2, 2}, {layer("Permute", "l", {{"dims", {2, 1}}})}), {{1, 2, 3, 4}}), ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(run(chain({2}, {layer("RepeatVector", "l", {{"n", 2}})}), {{1, 2}}), ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(types_of(chain({2, 2}, {layer("Flatten", "l", json::object()), layer("Dropout", "d", {{"rate", 0.5}})})),
              ElementsAre("RESHAPE"));
  EXPECT_THAT(run(chain({2}, {layer("Average", "l", json::object())}, 2), {{1, 2}, {3, 5}}), ElementsAre(2, 3.5f));
  EXPECT_THAT(run(chain({2}, {layer("Subtract", "l", json::object())}, 2), {{1, 2}, {3, 5}}), ElementsAre(-2, -3));
  EXPECT_THAT(run(chain({2}, {layer("Concatenate", "l", {{"axis", -1}})}, 2), {{1, 2}, {3, 5}}),
              ElementsAre(1, 2, 3, 5));
}

TEST(KerasLayers, HardSigmoidIsThatOfTheKerasThatWroteTheFile) {
  KerasNetwork n = chain({3}, {layer("Activation", "l", {{"activation", "hard_sigmoid"}})});
  EXPECT_THAT(run(n, {{1, -2.75f, 10}}), near({4.0f / 6, 0.25f / 6, 1}));
  n.keras_major = 2;
  EXPECT_THAT(run(n, {{1, -2.75f, 10}}), near({0.7f, 0, 1}));
}

TEST(KerasLayers, ReluWithItsSettings) {
  json const all = {{"max_value", 3}, {"negative_slope", 0.5}, {"threshold", 1}};
  EXPECT_THAT(run(chain({4}, {layer("ReLU", "l", all)}), {{-1, 0.5f, 2, 5}}), near({-1, -0.25f, 2, 3}));
  EXPECT_THAT(types_of(chain({4}, {layer("ReLU", "l", {{"max_value", 6.0}})})), ElementsAre("RELU6"));
  EXPECT_THAT(run(chain({2}, {layer("ELU", "l", {{"alpha", 2}})}), {{-1, 1}}), near({2 * (std::exp(-1.0f) - 1), 1}));
}

TEST(KerasLayers, RecurrentLayersOfBothDirections) {
  json const config = {{"units", 1}, {"activation", "linear"}, {"return_sequences", true}, {"use_bias", false}};
  auto rnn = [&](const char* name) {
    return layer("SimpleRNN", name, config, {array("kernel", {1, 1}, {1}), array("recurrent_kernel", {1, 1}, {10})});
  };
  EXPECT_THAT(run(chain({3, 1}, {rnn("l")}), {{1, 2, 3}}), ElementsAre(1, 12, 123));
  KerasLayer both = layer("Bidirectional", "both", {{"merge_mode", "sum"}});
  both.inner = {rnn("f"), rnn("b")};
  EXPECT_THAT(run(chain({3, 1}, {both}), {{1, 2, 3}}), ElementsAre(322, 44, 126));
}

TEST(KerasLayers, EachStepAndModelsInside) {
  KerasLayer steps = layer("TimeDistributed", "steps", json::object());
  steps.inner = {dense()};
  EXPECT_THAT(types_of(chain({2, 3}, {steps})), ElementsAre("RESHAPE", "FULLY_CONNECTED", "RELU", "RESHAPE"));
  KerasLayer model = layer("Functional", "inner", json::object());
  model.network = {chain({3}, {dense()})};
  EXPECT_THAT(run(chain({3}, {model}), {{1, 2, 3}}), ElementsAre(32, 0));
}

json quantized(const char* config) {
  return {{"quantize_config", {{"class_name", config}, {"config", json::object()}}}};
}

TEST(KerasLayers, RangesOfTrainingWithQuantization) {
  json const quantizer = {{"class_name", "AllValuesQuantizer"}, {"config", {{"num_bits", 4}, {"narrow_range", false}}}};
  KerasLayer const first = layer("QuantizeLayer", "first", {{"quantizer", quantizer}},
                                 {array("first_min", {}, {0}), array("first_max", {}, {15}), array("step", {}, {-1})});
  KerasLayer wrapped = layer("QuantizeWrapperV2", "quant_dense", quantized("Default8BitQuantizeConfig"),
                             {array("kernel_min", {}, {-127}), array("kernel_max", {}, {127}),
                              array("post_activation_min", {}, {0}), array("post_activation_max", {}, {255})});
  KerasLayer inner =
      layer("Dense", "dense", {{"units", 1}, {"use_bias", false}}, {array("kernel", {2, 1}, {1.4f, 2.6f})});
  inner.config["activation"] = {{"class_name", "QuantizeAwareActivation"}, {"config", {{"activation", "relu"}}}};
  wrapped.inner = {inner};
  KerasNetwork const n = chain({2}, {first, wrapped});
  EXPECT_THAT(types_of(n), ElementsAre("FAKE_QUANT", "FAKE_QUANT", "FULLY_CONNECTED", "RELU", "FAKE_QUANT"));
  EXPECT_THAT(run(n, {{1.2f, 99}}), near({46}));  // 1 * 1 + 15 * 3

  KerasLayer each = layer("QuantizeWrapperV2", "quant_conv", quantized("Default8BitConvQuantizeConfig"),
                          {array("kernel_min", {2}, {-127, -12.7f}), array("kernel_max", {2}, {127, 12.7f})});
  each.inner = {layer("Conv2D", "conv", {{"filters", 2}, {"kernel_size", 1}, {"use_bias", false}},
                      {array("kernel", {1, 1, 1, 2}, {1.4f, 1.43f})})};
  KerasNetwork const c = chain({1, 1, 1}, {each});
  EXPECT_THAT(types_of(c), ElementsAre("QUANTIZE", "DEQUANTIZE", "CONV_2D"));
  EXPECT_THAT(run(c, {{10}}), near({10, 14}));

  wrapped.config = quantized("OwnConfig");
  EXPECT_THAT(refusal(chain({2}, {wrapped})),
              HasSubstr("unsupported: narrow has no form of the setting quantize_conf"));
  wrapped.config = quantized("Default8BitQuantizeConfig");
  wrapped.weights = {array("0", {}, {0})};
  EXPECT_THAT(refusal(chain({2}, {wrapped})), HasSubstr("the file does not name its ranges"));
}

/// The last layer of a chain is called with these arguments.
KerasNetwork called(KerasNetwork network, json args, json kwargs = json::object()) {
  network.layers.back().calls[0].args = std::move(args);
  network.layers.back().calls[0].kwargs = std::move(kwargs);
  return network;
}

TEST(KerasLayers, FunctionsWithConstants) {
  json const x = {{kTensorKey, 0}};
  auto op = [](const char* name, json config = json::object()) {
    return chain({3}, {layer(name, "l", std::move(config))});
  };
  EXPECT_THAT(run(called(op("ops.Subtract"), {1, x}), {{1, 2, 3}}), ElementsAre(0, -1, -2));
  EXPECT_THAT(run(called(op("tf.math.multiply"), {x}, {{"y", {1, 10, 100}}}), {{1, 2, 3}}), ElementsAre(1, 20, 300));
  EXPECT_THAT(types_of(called(op("ops.Power"), {x, 2})), ElementsAre("SQUARE"));
  EXPECT_THAT(run(called(op("ops.Clip", {{"x_min", -1.0}, {"x_max", 2.0}}), {x}), {{-3, 1, 3}}), ElementsAre(-1, 1, 2));
  EXPECT_THAT(run(called(op("ops.Max", {{"axis", 1}, {"keepdims", true}}), {x}), {{1, 3, 2}}), ElementsAre(3));
  json const slice = {{"start", 1}, {"stop", nullptr}, {"step", nullptr}};
  json const all = {{"start", nullptr}, {"stop", nullptr}, {"step", nullptr}};
  EXPECT_THAT(run(called(op("tf.__operators__.getitem"), {x}, {{"slice_spec", {all, slice}}}), {{1, 2, 3}}),
              ElementsAre(2, 3));
  EXPECT_THAT(refusal(called(op("ops.Add"), {x, "text"})),
              HasSubstr("unsupported: narrow has no form of the argument"));
  EXPECT_THAT(refusal(called(op("ops.Add"), {x, {{kTensorKey, 7}}})), HasSubstr("unsupported"));
  EXPECT_THAT(refusal(called(op("ReLU"), {x, 2.0})),
              HasSubstr("unsupported: the layer is called with a constant among its inputs (layer 'l'"));
  EXPECT_THAT(refusal(called(op("ReLU"), {x}, {{"training", true}})),
              HasSubstr("unsupported: the layer is called with the argument training"));
}

TEST(KerasLayers, MergesAlignTheNumberOfDimensions) {
  KerasNetwork n = chain({2, 2}, {layer("Add", "l", json::object())}, 2);
  n.layers[1].config["batch_shape"] = {nullptr, 2};
  EXPECT_THAT(run(n, {{1, 2, 3, 4}, {10, 20}}), ElementsAre(11, 22, 13, 24));
}

TEST(KerasLayers, StatesComeInAndGoOut) {
  json const config = {{"units", 1}, {"activation", "linear"}, {"return_state", true}, {"use_bias", false}};
  KerasNetwork n = chain(
      {2, 1},
      {layer("SimpleRNN", "l", config, {array("kernel", {1, 1}, {1}), array("recurrent_kernel", {1, 1}, {10})})}, 2);
  n.layers[1].config["batch_shape"] = {nullptr, 1};
  n.outputs = {{"l", 0, 1}};
  EXPECT_THAT(run(n, {{1, 2}, {5}}), ElementsAre(512));
  n.layers[2].config["stateful"] = true;
  EXPECT_THAT(refusal(n), HasSubstr("unsupported"));
}

TEST(KerasLayers, AttentionOfOneHead) {
  std::vector<KerasArray> weights;
  for (const char* const name : {"query", "key", "value"}) weights.push_back(array(name, {1, 1, 1}, {1}));
  weights.push_back(array("output", {1, 1, 1}, {2}));
  KerasNetwork const n = chain(
      {2, 1}, {layer("MultiHeadAttention", "l", {{"num_heads", 1}, {"key_dim", 1}, {"use_bias", false}}, weights)});
  float const weight = std::exp(9.0f) / (1 + std::exp(9.0f));  // of value 3 for query 3, against value 0
  EXPECT_THAT(run(called(n, {{{kTensorKey, 0}}}, {{"value", {{kTensorKey, 0}}}}), {{0, 3}}), near({3, 6 * weight}));
}

/// A network of images of two channels and two by three positions, as it is with channels first or last.
KerasNetwork images(bool first) {
  json const format = first ? "channels_first" : "channels_last";
  int const axis = first ? 1 : -1;
  KerasLayer const conv = layer("Conv2D", "conv", {{"filters", 2}, {"kernel_size", 1}, {"data_format", format}},
                                {array("kernel", {1, 1, 2, 2}, {1, 2, 3, 4}), array("bias", {2}, {0.5f, -9})});
  KerasLayer const norm =
      layer("BatchNormalization", "norm", {{"epsilon", 0.0}, {"axis", {axis}}, {"scale", false}, {"center", false}},
            {array("mean", {2}, {1, 2}), array("variance", {2}, {4, 16})});
  KerasLayer const slopes =
      layer("PReLU", "slopes", {{"shared_axes", first ? json{2, 3} : json{1, 2}}},
            {first ? array("alpha", {2, 1, 1}, {0.5f, 0.25f}) : array("alpha", {1, 1, 2}, {0.5f, 0.25f})});
  KerasLayer const pad = layer("ZeroPadding2D", "pad", {{"padding", {{1, 0}, {0, 2}}}, {"data_format", format}});
  KerasLayer const pool = layer("MaxPooling2D", "pool", {{"pool_size", {3, 1}}, {"data_format", format}});
  return chain(first ? json{2, 2, 3} : json{2, 3, 2},
               {conv, norm, slopes, pad, pool, layer("Flatten", "flat", {{"data_format", format}})});
}

TEST(KerasLayers, ChannelsFirstAreComputedWithChannelsLast) {
  KerasNetwork const first = images(true), last = images(false);
  EXPECT_EQ(types_of(first), types_of(last));
  std::vector<float> const x{1, -2, 3, 4, -5, 6, -7, 8, 9, 1, 2, -3};
  EXPECT_EQ(run(first, {x}), run(last, {x}));
  auto const model = build_model(first, "m.keras", {});
  ASSERT_TRUE(model);
  EXPECT_EQ(model->main().tensor(model->main().inputs[0]).shape, Shape::of({1, 2, 3, 2}));
  ASSERT_EQ(model->notes.size(), 1u);
  EXPECT_THAT(model->notes[0], HasSubstr("input 'x0' takes channels last, [1, 2, 3, 2]"));
}

TEST(KerasLayers, OrdersThatTheNetworkGivesItselfStay) {
  KerasNetwork const n =
      chain({2, 2, 3}, {layer("MaxPooling2D", "pool", {{"pool_size", 1}, {"data_format", "channels_first"}}),
                        layer("Permute", "turned", {{"dims", {3, 2, 1}}})});
  Model const m = model_of(n);
  EXPECT_EQ(m.main().tensor(m.main().outputs[0]).shape, Shape::of({1, 3, 2, 2}));
  EXPECT_THAT(run(n, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}), ElementsAre(0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11));
}

TEST(KerasLayers, KeptLayoutsAreThoseOfTheFile) {
  KerasNetwork first = images(true);
  first.layers.pop_back();
  first.outputs = {{"pool"}};
  auto model = build_model(first, "m.keras", {.keep_layout = true});
  ASSERT_TRUE(model && settle(*model));
  EXPECT_EQ(model->main().tensor(model->main().inputs[0]).shape, Shape::of({1, 2, 2, 3}));
  EXPECT_EQ(model->main().tensor(model->main().outputs[0]).shape, Shape::of({1, 2, 1, 5}));
  EXPECT_EQ(model->main().tensor(model->main().outputs[0]).name, "pool");
  EXPECT_TRUE(model->notes.empty());
  model = build_model(first, "m.keras", {});
  ASSERT_TRUE(model && settle(*model));
  EXPECT_EQ(model->main().tensor(model->main().outputs[0]).shape, Shape::of({1, 1, 5, 2}));
  EXPECT_EQ(model->main().tensor(model->main().outputs[0]).name, "pool");
  EXPECT_EQ(model->notes.size(), 2u);
}

TEST(KerasLayers, RefusalsNameLayerAndSetting) {
  EXPECT_EQ(refusal(chain({3}, {layer("Lambda", "l", json::object())})),
            "unsupported: narrow has no form of layers of the class Lambda (layer 'l' (Lambda), m.keras)");
  KerasLayer first = dense();
  first.config["units"] = 7;
  EXPECT_THAT(refusal(chain({3}, {first})),
              HasSubstr("bad_file: its weights 'kernel' have the shape [3, 2] instead of [3, 7]"));
  EXPECT_THAT(refusal(chain({2, 2, 1}, {layer("MaxPooling2D", "l", {{"padding", "causal"}})})),
              HasSubstr("the setting padding=\"causal\" (layer 'l' (MaxPooling2D)"));
  EXPECT_THAT(refusal(chain({3}, {layer("LSTM", "l", {{"units", 1}, {"time_major", true}})})),
              HasSubstr("time_major=true"));
  EXPECT_THAT(refusal(chain({3}, {layer("Dense", "l", {{"units", "many"}})})), HasSubstr("bad_file"));
  auto const list = list_layers(chain({3}, {dense(), layer("Lambda", "l", json::object())}));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[1].reason, "");
  EXPECT_NE(list[2].reason, "");
}

}  // namespace
}  // namespace narrow
