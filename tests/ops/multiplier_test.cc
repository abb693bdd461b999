// Real factors as 31 bits and a shift, where either ends.
#include "ops/integer/multiplier.h"

#include <gtest/gtest.h>

#include <utility>

namespace narrow {
namespace {

std::pair<int32_t, int> parts(double factor) {
  Multiplier const m = quantize_multiplier(factor);
  return {m.value, m.shift};
}

TEST(Multiplier, IsNormalized) {
  constexpr int32_t kHalf = 1 << 30;
  EXPECT_EQ(parts(1), std::pair(kHalf, 1));
  EXPECT_EQ(parts(0.5), std::pair(kHalf, 0));
  EXPECT_EQ(parts(0.75), std::pair(3 << 29, 0));
  EXPECT_EQ(parts(1 - 0x1p-31), std::pair(INT32_MAX, 0));
  EXPECT_EQ(parts(1 - 0x1p-32), std::pair(kHalf, 1)) << "31 bits round up to a power of two";
}

TEST(Multiplier, TooSmallIsZero) {
  EXPECT_EQ(parts(0x1p-32), std::pair(1 << 30, -31));
  EXPECT_EQ(parts(0x1.fffp-33), std::pair(0, 0));
  EXPECT_EQ(parts(0), std::pair(0, 0));
}

}  // namespace
}  // namespace narrow
