// The JSON text that describes a Keras model.
#include "read/keras/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace narrow::keras {
namespace {

using testing::HasSubstr;

const std::string kInput = R"({"class_name": "InputLayer", "name": "x", "config": {"name": "x"}, "inbound_nodes": []})";

std::string layer(const std::string& name, const std::string& nodes, const std::string& class_name = "ReLU") {
  return R"({"class_name": ")" + class_name + R"(", "name": ")" + name +
         R"(", "config": {"trainable": true, "name": ")" + name + R"("}, "inbound_nodes": )" + nodes + "}";
}

std::string model(const std::string& layers, const std::string& outputs = R"([["a", 0, 0]])") {
  return R"({"class_name": "Functional", "config": {"name": "m", "layers": [)" + layers +
         R"(], "input_layers": [["x", 0, 0]], "output_layers": )" + outputs + "}}";
}

std::string refusal(const std::string& text) {
  auto const network = parse_config(text, kLimits);
  return network ? ""
                 : std::string(to_string(network.error().kind)) + ": " + network.error().what + ", " +
                       network.error().where;
}

TEST(KerasConfig, SequentialModelOfKeras1IsAList) {
  auto const n = parse_config(
      R"({"class_name": "Sequential", "config": [
        {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 3]}},
        {"class_name": "Custom>Odd", "config": {"name": "o"}}]})",
      kLimits);
  ASSERT_TRUE(n) << n.error().what;
  ASSERT_EQ(n->layers.size(), 3u);
  EXPECT_EQ(n->layers[0].name, "d_input");
  EXPECT_EQ(n->layers[0].config["batch_shape"].dump(), "[null,3]");
  EXPECT_EQ(n->layers[2].class_name, "Custom>Odd");
  EXPECT_EQ(n->layers[2].calls.at(0).inputs.at(0).layer, "d");
}

TEST(KerasConfig, BothFormsOfCallsMeanTheSame) {
  std::string const tensor = R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}})";
  for (const std::string& nodes :
       {std::string(R"([[["x", 0, 0, {}], ["x", 0, 0, {"training": false}]]])"),
        R"([{"args": [[)" + tensor + ", " + tensor + R"(], null], "kwargs": {"mask": null}}])"}) {
    auto const n = parse_config(model(kInput + "," + layer("a", nodes, "keras.layers.Add")), kLimits);
    ASSERT_TRUE(n) << n.error().what;
    EXPECT_EQ(n->layers[1].class_name, "Add");
    ASSERT_EQ(n->layers[1].calls.size(), 1u);
    EXPECT_EQ(n->layers[1].calls[0].inputs.size(), 2u);
  }
}

TEST(KerasConfig, CallsKeepTheirConstantsAndNames) {
  auto call_of = [](const std::string& nodes) {
    auto const n = parse_config(model(kInput + "," + layer("a", nodes)), kLimits);
    EXPECT_TRUE(n) << n.error().what;
    return n ? n->layers[1].calls.at(0) : KerasCall();
  };
  nlohmann::json const tensor = {{kTensorKey, 0}};
  KerasCall const first = call_of(R"([["_CONSTANT_VALUE", -1, 2.5, {"y": ["x", 0, 0], "name": null}]])");
  EXPECT_EQ(first.inputs.size(), 1u);
  EXPECT_EQ(first.args, nlohmann::json::array({2.5}));
  EXPECT_EQ(first.kwargs["y"], tensor);
  KerasCall const second = call_of(
      R"([{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, [1, 2]],
           "kwargs": {"axis": 1}}])");
  EXPECT_EQ(second.args, nlohmann::json::array({tensor, {1, 2}}));
  EXPECT_EQ(second.kwargs["axis"], 1);
}

TEST(KerasConfig, FunctionsAreToldFromLayersOfTheSameName) {
  std::string const op = R"({"class_name": "Add", "name": "a", "config": {"name": "a"}, "inbound_nodes": [{"args": [
      {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, 1.0], "kwargs": {}}])";
  for (const std::string& module : {std::string("}"), std::string(R"(, "module": "keras.src.ops.numpy"})")}) {
    auto const n = parse_config(model(kInput + "," + op + module), kLimits);
    ASSERT_TRUE(n) << n.error().what;
    EXPECT_EQ(n->layers[1].class_name, "ops.Add");
  }
  std::string const lambda = R"({"class_name": "TFOpLambda", "name": "a", "config": {"name": "a", "function":
      "compat.v1.transpose"}, "inbound_nodes": [["x", 0, 0, {"perm": [0, 2, 1]}]]})";
  auto const n = parse_config(model(kInput + "," + lambda), kLimits);
  ASSERT_TRUE(n) << n.error().what;
  EXPECT_EQ(n->layers[1].class_name, "tf.transpose");
}

TEST(KerasConfig, OutputsAreATripleOrAnyNestingOfTriples) {
  for (const char* outputs : {R"(["a", 0, 0])", R"([["a", 0, 0]])", R"({"result": [["a", 0, 0]]})"}) {
    auto const n = parse_config(model(kInput + "," + layer("a", R"([[["x", 0, 0]]])"), outputs), kLimits);
    ASSERT_TRUE(n) << n.error().what;
    ASSERT_EQ(n->outputs.size(), 1u);
    EXPECT_EQ(n->outputs[0].layer, "a");
  }
}

TEST(KerasConfig, WhatDoesNotFitTogetherIsRefusedByName) {
  EXPECT_THAT(refusal(model(kInput + "," + layer("a", R"([[["b", 0, 0, {}]]])"))),
              HasSubstr("bad_file: layer b is referred to, which the model does not have, layer a"));
  EXPECT_THAT(refusal(model(kInput + "," + layer("a", R"([[["x", 3, 0, {}]]])"))), HasSubstr("call 3 of layer x"));
  EXPECT_THAT(refusal(model(kInput + "," + layer("a", R"([[["x", -1, 0, {}]]])"))), HasSubstr("damaged, layer a"));
  EXPECT_THAT(refusal(model(kInput + "," + kInput)), HasSubstr("two layers have this name, layer x"));
  EXPECT_THAT(
      refusal(model(kInput + "," + layer("a", R"([[["b", 0, 0, {}]]])") + "," + layer("b", R"([[["a", 0, 0, {}]]])"))),
      HasSubstr("bad_file: the layer waits for its own result, layer a"));
}

TEST(KerasConfig, ValuesOfOtherTypesAreRefused) {
  for (const char* text :
       {"", "{", "1", "[]", R"({"class_name": 3})", R"({"class_name": "Sequential", "config": 3})",
        R"({"class_name": "Sequential", "config": []})", R"({"class_name": "Sequential", "config": [3]})",
        R"({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": []}]})",
        R"({"class_name": "Functional", "config": {"layers": [], "input_layers": 3, "output_layers": []}})"})
    EXPECT_THAT(refusal(text), HasSubstr("bad_file")) << text;
}

TEST(KerasConfig, NestingIsBounded) {
  EXPECT_THAT(refusal(std::string(1'000'000, '[')), HasSubstr("nested more than 256 deep"));
  std::string text = R"({"class_name": "Dense", "config": {"name": "d"}})";
  for (int i = 0; i < 20; ++i) text = R"({"class_name": "Sequential", "config": [)" + text + "]}";
  EXPECT_THAT(refusal(text), HasSubstr("nested more than 16 deep"));
  // Each of these layers has two of what it holds.
  text = R"({"class_name": "LSTM", "config": {"name": "l"}})";
  for (int i = 0; i < 2; ++i)
    text = R"({"class_name": "Bidirectional", "config": {"name": "b", "layer": )" + text + "}}";
  EXPECT_THAT(refusal(R"({"class_name": "Sequential", "config": [)" + text + "]}"),
              HasSubstr("unsupported: a Bidirectional layer around layers that hold others, layer b"));
}

}  // namespace
}  // namespace narrow::keras
