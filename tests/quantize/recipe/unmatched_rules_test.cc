#include "quantize/recipe/unmatched_rules.h"

#include <gtest/gtest.h>

#include "ops/activations/activations.h"
#include "ops/build/graph_builder.h"

namespace narrow {
namespace {

TEST(UnmatchedRules, SayWhichKindWasMeant) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1, 4}), .name = "x"}),
            y = b.tensor({.shape = Shape::of({1, 4}), .name = "y"});
  b.op(kLeakyRelu, LeakyReluAttributes{}, {x}, {y});
  b.outputs({y});
  Recipe recipe;
  for (const char* kind : {"LEAKY_RELU", "LeakyRelu", "LEAKYRELLU", "CONV_2D"}) {
    recipe.rules.emplace_back();
    recipe.rules.back().op = kind;
    recipe.rules.back().source = kind;
  }
  recipe.rules.emplace_back();
  recipe.rules.back().name = *NamePattern::compile("^x$", "");  // an input, whose range can be set
  EXPECT_EQ(warn_of_unmatched_rules(b.model(), recipe),
            (std::vector<std::string>{
                "LeakyRelu matches no op of the model, which has no LeakyRelu; did you mean LEAKY_RELU?",
                "LEAKYRELLU matches no op of the model, which has no LEAKYRELLU; did you mean LEAKY_RELU?",
                "CONV_2D matches no op of the model, which has no CONV_2D"}));
}

}  // namespace
}  // namespace narrow
