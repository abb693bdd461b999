#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "emit/constants/c_text.h"

namespace narrow {
namespace {

std::string of(DType dtype, auto value) {
  return literal(dtype, reinterpret_cast<const std::byte*>(&value));
}

TEST(CText, Literals) {
  EXPECT_EQ(of(DType::int8, int8_t{-128}), "-128");
  EXPECT_EQ(of(DType::int32, INT32_MIN), "-2147483647 - 1");
  EXPECT_EQ(of(DType::int64, INT64_MIN), "-9223372036854775807 - 1");
  EXPECT_EQ(of(DType::uint64, UINT64_MAX), "18446744073709551615u");
  EXPECT_EQ(of(DType::float32, 1.0f), "1.0f");
  EXPECT_EQ(of(DType::float32, -0.0f), "-0.0f");
  EXPECT_EQ(of(DType::float32, 1e-10f), "1e-10f");
  EXPECT_EQ(of(DType::float32, -INFINITY), "-INFINITY");
  EXPECT_EQ(of(DType::float32, NAN), "NAN");
  EXPECT_EQ(of(DType::float64, 0.5), "0.5");
  EXPECT_EQ(of(DType::float16, uint16_t{0x3c00}), "0x3c00");
}

TEST(CText, ListsAreWrapped) {
  std::vector<int16_t> const values(200, int16_t{-32768});
  std::string const text = literal_list(DType::int16, std::as_bytes(std::span(values)), " \\");
  for (size_t at = 0; at < text.size();) {
    size_t const end = text.find('\n', at);
    EXPECT_LE(end - at, kColumns);
    EXPECT_EQ(text[end - 1], '\\');
    at = end + 1;
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), ','), 199);
}

TEST(CText, NothingBreaksOutOfAComment) {
  EXPECT_EQ(quoted("conv1/Relu"), "\"conv1/Relu\"");
  EXPECT_EQ(quoted("a*/b/*c"), "\"a*_/b/_*c\"");
  EXPECT_EQ(quoted("x\n\\\"?\?/\xc3\xa9"), "\"x_____/__\"");
  EXPECT_LT(quoted(std::string(1000, 'y')).size(), kColumns);
  EXPECT_EQ(comment({"one"}), "/* one */\n");
  EXPECT_EQ(comment({"one", "two"}), "/* one\n * two\n */\n");
  EXPECT_EQ(comment({std::string(118, 'z')}), "/* " + std::string(118, 'z') + "\n */\n");
}

}  // namespace
}  // namespace narrow
