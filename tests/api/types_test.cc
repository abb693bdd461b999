// The names of the public interface are those of the definitions behind them.
#include "narrow/types.h"

#include <gtest/gtest.h>

#include "narrow/quantize.h"
#include "narrow/verify.h"
#include "narrow/version.h"
#include "ops/def/profile.h"
#include "quantize/ranges/range_method.h"
#include "quantize/recipe/scheme.h"
#include "verify/runtime.h"
#include "verify/verify.h"

namespace narrow {
namespace {

template <class E, class Definitions, class Name>
void expect_same_names(const Definitions& definitions, Name name) {
  ASSERT_EQ(all<E>().size(), definitions.size());
  for (size_t i = 0; i < definitions.size(); ++i) {
    EXPECT_STREQ(to_string(all<E>()[i]), name(definitions[i]));
    EXPECT_EQ(parse<E>(name(definitions[i])), all<E>()[i]);
  }
}

TEST(Types, have_the_names_of_their_definitions) {
  auto const name = [](const auto& definition) { return definition.name; };
  expect_same_names<Scheme>(all_schemes(), name);
  expect_same_names<Profile>(all_profiles(), name);
  expect_same_names<RangeMethod>(all_range_methods(), name);
  expect_same_names<Runtime>(all_runtimes(), [](const RuntimeDef* r) { return r->name; });
  expect_same_names<RoundingRule>(kRoundingNames, [](const char* n) { return n; });
}

TEST(Types, refuse_other_names) {
  EXPECT_EQ(parse<Scheme>("int9"), std::nullopt);
  EXPECT_EQ(parse<Runtime>("cmsis_nn"), std::nullopt);
  EXPECT_EQ(parse<Width>(""), std::nullopt);
}

TEST(Types, ranges_have_parameters) {
  auto const range = parse_range_spec("percentile:99.9");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->method, RangeMethod::percentile);
  EXPECT_EQ(range->parameter, 99.9);
  EXPECT_FALSE(parse_range_spec("minmax")->parameter);
  EXPECT_EQ(parse_range_spec("percentile:1").error().kind, ErrorKind::bad_option);
  EXPECT_EQ(default_parameter(RangeMethod::percentile), 99.99);
  EXPECT_FALSE(default_parameter(RangeMethod::mse));
}

TEST(Version, is_that_of_the_project) {
  EXPECT_STREQ(NARROW_VERSION, NARROW_PROJECT_VERSION);
  EXPECT_STREQ(version(), NARROW_VERSION);
  EXPECT_EQ(std::to_string(NARROW_VERSION_MAJOR) + "." + std::to_string(NARROW_VERSION_MINOR) + "." +
                std::to_string(NARROW_VERSION_PATCH),
            NARROW_VERSION);
}

}  // namespace
}  // namespace narrow
