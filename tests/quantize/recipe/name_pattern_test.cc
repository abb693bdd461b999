#include "quantize/recipe/name_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace narrow {
namespace {

using testing::HasSubstr;

bool found(const std::string& pattern, const std::string& name) {
  auto const compiled = NamePattern::compile(pattern, "here");
  EXPECT_TRUE(compiled) << pattern;
  return compiled && compiled->found_in(name);
}

TEST(NamePattern, IsFoundAnywhereInAName) {
  EXPECT_TRUE(found("conv[12]", "model/conv2/Relu"));
  EXPECT_FALSE(found("^conv", "model/conv2"));
  EXPECT_TRUE(found("dense_\\d+$", "a/dense_10"));
  EXPECT_TRUE(found("", "any"));
}

// Depth-first matchers overflow the stack on the first and never end on the second.
TEST(NamePattern, TakesLinearTimeWhateverItIs) {
  auto const begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(found("(.|b)*c", std::string(1 << 20, 'a') + "c"));
  EXPECT_FALSE(found("(a+)+$", std::string(1 << 20, 'a') + "b"));
  EXPECT_FALSE(found("(a|aa)*(b|bb)*(a?){500}c", std::string(1 << 16, 'a')));
  EXPECT_TRUE(found(std::string(2000, '(') + "a" + std::string(2000, ')'), "a"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(NamePattern, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string text, what;
  };
  const Case cases[] = {
      {"conv[z-a]", "'conv[z-a]' is not a regular expression: invalid character class range 'z-a' at character 6"},
      {"conv(1", "missing )"},
      {"a)", "unexpected )"},
      {"[ab", "missing ]"},
      {"(?=a)b", "invalid perl operator '(?=' at character 1"},
      {"(a)\\1", "invalid escape sequence '\\1' at character 4"},
      {"a**", "bad repetition operator '**' at character 2"},
      {"x{2000}", "invalid repetition size"},
      {"((((a{100}){100}){100}){100})", "invalid repetition size"},
      {std::string("a\xff"), "invalid UTF-8"},
      {std::string(100'000, 'a'), "100000 characters"},
  };
  for (const Case& c : cases) {
    auto const refused = NamePattern::compile(c.text, "r.toml line 3");
    ASSERT_FALSE(refused) << c.text;
    EXPECT_EQ(refused.error().kind, ErrorKind::bad_option);
    EXPECT_THAT(refused.error().what, HasSubstr(c.what));
    EXPECT_LT(refused.error().what.size(), 400U);
    EXPECT_EQ(refused.error().where, "r.toml line 3");
  }
}

}  // namespace
}  // namespace narrow
