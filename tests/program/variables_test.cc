#include <gtest/gtest.h>

#include "ops/arithmetic/add.h"
#include "program/runner.h"

namespace narrow {
namespace {

int add_scalar(Graph& g, const char* name, bool variable) {
  Tensor t;
  t.name = name;
  t.shape = Shape::of({1});
  t.variable = variable;
  g.tensors.push_back(std::move(t));
  return static_cast<int>(g.tensors.size()) - 1;
}

TEST(Variables, ThoseThatAreInputsHoldWhatTheCallerGivesAndOthersBeginAtZero) {
  Model m;
  Graph& g = m.graphs.emplace_back();
  int const given = add_scalar(g, "given", true), kept = add_scalar(g, "kept", true), sum = add_scalar(g, "y", false);
  Op op;
  op.def = &kAdd;
  op.type = "ADD";
  op.attributes = AddAttributes{};
  op.inputs = {given, kept};
  op.outputs = {sum};
  g.ops.push_back(std::move(op));
  g.inputs = {given};
  g.outputs = {sum};
  auto program = lower(std::make_shared<const Model>(std::move(m)), {.profile = all_profiles().front()});
  ASSERT_TRUE(program) << program.error().what;
  Runner runner(std::move(*program));
  *reinterpret_cast<float*>(runner.input(0)) = 3;
  ASSERT_TRUE(runner.run(1));
  EXPECT_EQ(*reinterpret_cast<const float*>(runner.output(0)), 3.0F);
}

}  // namespace
}  // namespace narrow
