// SavedModel folders: what becomes of signatures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "graph_writer.h"
#include "read/read.h"

namespace narrow {
namespace {

/// A folder of its own, gone at the end of the test.
class SavedModel : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "narrow_saved_model_" + std::to_string(getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<Model> read(const GraphWriter& w, const std::vector<std::array<std::string, 3>>& signatures) {
    tf_format::SavedModel saved;
    auto& meta = *saved.add_meta_graphs();
    *meta.mutable_graph_def() = w.graph;
    for (const auto& [key, input, output] : signatures) {
      auto& signature = (*meta.mutable_signature_def())[key];
      (*signature.mutable_inputs())["image"].set_name(input + ":0");
      (*signature.mutable_outputs())["score"].set_name(output + ":0");
    }
    std::ofstream(folder_ + "/saved_model.pb", std::ios::binary) << saved.SerializeAsString();
    return read_model(folder_, {}, kLimits);
  }

  std::string folder_;
};

/// Placeholders a, b and c, of which nodes ya, yb and yc are functions.
GraphWriter three_functions() {
  GraphWriter w;
  for (std::string const name : {"a", "b", "c"}) {
    w.placeholder(name, {-1, 2});
    w.floats("k" + name, {2}, {1, 2});
    w.node("sum_" + name, "AddV2", {name, "k" + name});
    w.node("y" + name, name == "c" ? "Tanh" : "Relu", {"sum_" + name});
  }
  return w;
}

TEST_F(SavedModel, SignaturesThatComputeTheSameAreOneGraph) {
  auto const model =
      read(three_functions(), {{"serve", "a", "ya"}, {"serving_default", "b", "yb"}, {"other", "c", "yc"}});
  ASSERT_TRUE(model) << model.error().what;
  ASSERT_EQ(model->graphs.size(), 2u);
  ASSERT_EQ(model->signatures.size(), 3u);
  EXPECT_EQ(model->signatures[0].key, "serving_default");
  EXPECT_EQ(model->signatures[1].key, "other");
  EXPECT_EQ(model->signatures[1].graph, 1);
  EXPECT_EQ(model->signatures[2].key, "serve");
  EXPECT_EQ(model->signatures[2].graph, 0);
  EXPECT_EQ(model->signatures[2].inputs, model->signatures[0].inputs);
}

TEST_F(SavedModel, VariablesThatAreMissingAreNamed) {
  GraphWriter w;
  w.placeholder("x", {-1, 2});
  w.node("v", "VarHandleOp", {});
  w.node("value", "ReadVariableOp", {"v"});
  w.node("y", "AddV2", {"x", "value"});
  auto const model = read(w, {{"serving_default", "x", "y"}});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, ErrorKind::io);
  EXPECT_THAT(model.error().where, testing::HasSubstr("variables/variables.index"));
}

TEST_F(SavedModel, SignaturesWithOtherConstantsOrShapesAreGraphsOfTheirOwn) {
  GraphWriter values = three_functions();
  for (auto& node : *values.graph.mutable_node())
    if (node.name() == "kb") (*node.mutable_attr())["value"].mutable_tensor()->set_float_val(1, 3);
  GraphWriter shapes = three_functions();
  for (auto& node : *shapes.graph.mutable_node())
    if (node.name() == "b") (*node.mutable_attr())["shape"].mutable_shape()->mutable_dim(0)->set_size(1);
  for (const GraphWriter* const w : {&values, &shapes}) {
    auto const model = read(*w, {{"serve", "a", "ya"}, {"serving_default", "b", "yb"}});
    ASSERT_TRUE(model) << model.error().what;
    EXPECT_EQ(model->graphs.size(), 2u);
  }
}

}  // namespace
}  // namespace narrow
