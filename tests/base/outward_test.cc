#include "base/outward.h"

#include <gtest/gtest.h>

#include "random.h"

namespace narrow {
namespace {

TEST(Outward, TakesTheLeastMagnitudeOfTwelveBitsThatIsEnough) {
  EXPECT_EQ(outward(0), 0);
  EXPECT_EQ(outward(6), 6);
  EXPECT_EQ(outward(-4095), -4095);
  EXPECT_EQ(outward(4097), 4098);
  EXPECT_EQ(outward(1 + 0x1p-20), 1 + 0x1p-11);
  EXPECT_EQ(outward(-1 - 0x1p-20), -1 - 0x1p-11);
}

TEST(Outward, HidesLastBits) {
  Random r;
  int differ = 0;
  for (int i = 0; i < 10000; ++i) {
    double const v = r.real(-10, 10);
    double const rounded = outward(v);
    EXPECT_GE(std::fabs(rounded), std::fabs(v));
    EXPECT_LE(std::fabs(rounded), std::fabs(v) * (1 + 0x1p-11));
    EXPECT_EQ(outward(rounded), rounded);
    differ += outward(v * (1 + 1e-7)) != rounded;
  }
  EXPECT_LE(differ, 10);  // of 10000: where a border lies between
}

}  // namespace
}  // namespace narrow
