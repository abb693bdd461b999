// Recipes with widths by layer: what is written is what is read.
#include "api/fit_recipe.h"

#include <gtest/gtest.h>

#include "ops/def/op_def.h"

namespace narrow {
namespace {

const std::vector<std::string> kNames{
    "conv",      "conv1",     "a/b:0;c/d", "x.y",      "it's", "say \"it's\"", "back\\slash", "(1|2)*[3]{4}^$+?",
    "tab\there", "Schicht ä", "",          "tab here", "a\nb", "a1b",          "日本",        "中国",
};

Graph graph_of(const std::vector<std::string>& names) {
  Graph graph;
  for (const std::string& name : names) {
    Op op;
    op.type = "CONV_2D";
    op.def = find_op("CONV_2D");
    op.outputs = {static_cast<int>(graph.tensors.size())};
    graph.tensors.emplace_back();
    graph.tensors.back().name = name;
    graph.ops.push_back(std::move(op));
  }
  return graph;
}

TEST(FitRecipe, a_rule_means_one_name) {
  for (const std::string& name : kNames) {
    auto const pattern = NamePattern::compile(exact_pattern(name), "test");
    ASSERT_TRUE(pattern) << name;
    for (const std::string& other : kNames)
      EXPECT_EQ(pattern->found_in(other), other == name) << exact_pattern(name) << " in " << other;
  }
}

TEST(FitRecipe, is_read_as_it_was_planned) {
  Graph const graph = graph_of(kNames);
  QualityChain const chain{.range = "percentile:99.99",
                           .equalization = 0.5,
                           .means = true,
                           .choice = choice_with(WeightRounding::gptq, 8, 8)};
  WidthPlan plan;
  for (size_t i = 0; i < kNames.size(); i += 2) plan.weights.emplace_back(i, i % 4 == 0 ? 4 : 16);
  plan.wide_from = 7;
  Recipe recipe;
  auto const read = parse_rules(recipe_text(graph, plan, chain, true), "test", recipe);
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_TRUE(recipe.steps);
  EXPECT_EQ(recipe.steps->range, chain.range);
  EXPECT_EQ(recipe.steps->equalization, 0.5);
  EXPECT_TRUE(recipe.steps->means);
  EXPECT_EQ(recipe.steps->weight_rounding, WeightRounding::gptq);
  for (size_t i = 0; i < kNames.size(); ++i) {
    Settings const s = recipe.settings(kNames[i], "CONV_2D", Role::weight);
    EXPECT_EQ(s.weights, i % 4 == 0 ? 4 : i % 2 == 0 ? 16 : 8) << kNames[i];
    EXPECT_EQ(s.activations, i >= 7 ? 16 : 8) << kNames[i];
    EXPECT_EQ(s.weight_rounding.has_value(), i % 2 == 0 || i >= 7) << kNames[i];
  }
  Recipe plain;
  ASSERT_TRUE(parse_rules(recipe_text(graph, {}, chain, true), "test", plain));
  EXPECT_TRUE(plain.rules.empty());
}

}  // namespace
}  // namespace narrow
