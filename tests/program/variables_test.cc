#include <gtest/gtest.h>

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "program/runner.h"

namespace narrow {
namespace {

TEST(Variables, ThoseThatAreInputsHoldWhatTheCallerGivesAndOthersBeginAtZero) {
  GraphBuilder b;
  Shape const scalar = Shape::of({1});
  int const given = b.input({.shape = scalar, .name = "given"}), kept = b.tensor({.shape = scalar, .name = "kept"});
  b.at(given).variable = b.at(kept).variable = true;
  auto const sum = b.infer_op(kAdd, AddAttributes{}, {given, kept});
  ASSERT_TRUE(sum);
  b.outputs({*sum});
  auto model = b.finish();
  ASSERT_TRUE(model) << model.error().what;
  auto program = lower(std::make_shared<const Model>(std::move(*model)), {.profile = all_profiles().front()});
  ASSERT_TRUE(program) << program.error().what;
  Runner runner(std::move(*program));
  *reinterpret_cast<float*>(runner.input(0)) = 3;
  ASSERT_TRUE(runner.run(1));
  EXPECT_EQ(*reinterpret_cast<const float*>(runner.output(0)), 3.0F);
}

}  // namespace
}  // namespace narrow
