#include "base/unique_names.h"

#include <gtest/gtest.h>

#include <chrono>

namespace narrow {
namespace {

TEST(UniqueNames, AreNumbered) {
  UniqueNames names;
  EXPECT_EQ(names.take("a"), "a");
  EXPECT_EQ(names.take("a_2"), "a_2");
  EXPECT_EQ(names.take("a"), "a_3");
}

TEST(UniqueNames, OfOneNameTakeLinearTime) {
  auto const begin = std::chrono::steady_clock::now();
  UniqueNames names;
  std::string last;
  for (int i = 0; i < 200'000; ++i) last = names.take("same");
  EXPECT_EQ(last, "same_200000");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace narrow
