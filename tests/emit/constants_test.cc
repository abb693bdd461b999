#include "emit/constants/constants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "emit/constants/names.h"
#include "emit/constants/number_text.h"

namespace narrow {
namespace {

TEST(Names, ArePlain) {
  EXPECT_EQ(plain_name("conv1/weights"), "conv1_weights");
  EXPECT_EQ(plain_name("functional_1/conv2d/Conv2D;functional_1/x"), "functional_1_conv2d_conv2d");
  EXPECT_EQ(plain_name("__a--b\xc3\xa9:0"), "a_b_0");
  EXPECT_EQ(plain_name(""), "");
  EXPECT_EQ(plain_name(";"), "");
  EXPECT_EQ(plain_name("mobilenetv2_1.00_224/block_16_project_BN/FusedBatchNormV3"),
            "block_16_project_bn_fusedbatchnormv3");
  EXPECT_EQ(plain_name(std::string(100, 'x')).size(), 40u);
}

TEST(Names, OfTheUser) {
  for (const char* good : {"kws", "K", "a_1", "integer"}) EXPECT_TRUE(is_identifier(good)) << good;
  for (const char* bad : {"", "1a", "_a", "a-b", "a b", "int", "restrict", "\xc3\xa9"})
    EXPECT_FALSE(is_identifier(bad)) << bad;
  EXPECT_FALSE(is_identifier(std::string(33, 'a')));
}

TEST(Layout, Parses) {
  EXPECT_TRUE(parse_layout("stored"));
  auto const both = parse_layout("hwio,transposed");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->conv, LayoutChoice::Conv::hwio);
  EXPECT_EQ(both->dense, LayoutChoice::Dense::transposed);
  EXPECT_EQ(parse_layout("transposed")->dense, LayoutChoice::Dense::transposed);
  EXPECT_EQ(parse_layout("hwio,cmsis-q7-opt")->dense, LayoutChoice::Dense::cmsis_q7_opt);
  for (const char* bad : {"", ",", "nchw", "stored,transposed", ",transposed", "hwio,", "transposed,hwio", "hwio,ohwi"})
    EXPECT_FALSE(parse_layout(bad)) << bad;
}

TEST(Layout, Arranges) {
  Tensor t;
  t.dtype = DType::int16;
  t.shape = Shape::of({2, 1, 3, 2});
  std::vector<int16_t> values(12);
  std::iota(values.begin(), values.end(), int16_t{0});
  t.data = SharedBytes::copy_of(std::span<const int16_t>(values));
  Layout const hwio = layout_of(WeightLayout::ohwi, DType::int16, *parse_layout("hwio"));
  EXPECT_EQ(arranged_shape(t.shape, hwio), (std::vector<int32_t>{1, 3, 2, 2}));
  t.data = arranged(t, hwio);
  EXPECT_EQ(std::vector(t.values<int16_t>().begin(), t.values<int16_t>().end()),
            (std::vector<int16_t>{0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11}));
  EXPECT_EQ(layout_of(WeightLayout::depthwise, DType::int16, *parse_layout("hwio")).order, std::vector<int>{});
  EXPECT_EQ(layout_of(WeightLayout::depthwise, DType::int16, *parse_layout("ohwi")).order,
            (std::vector<int>{3, 1, 2, 0}));
  EXPECT_EQ(layout_of(WeightLayout::out_in, DType::int16, *parse_layout("transposed")).order, (std::vector<int>{1, 0}));
  EXPECT_EQ(layout_of(WeightLayout::none, DType::int16, *parse_layout("hwio")).name, "");
}

// The example that the function's own documentation gives: 6 rows of 7 columns, element rc in row r and column c.
TEST(Layout, InterleavesForCmsisQ7Opt) {
  Tensor t;
  t.dtype = DType::int8;
  t.shape = Shape::of({6, 7});
  std::vector<int8_t> values;
  for (int r = 1; r <= 6; ++r)
    for (int c = 1; c <= 7; ++c) values.push_back(static_cast<int8_t>(10 * r + c));
  t.data = SharedBytes::copy_of(std::span<const int8_t>(values));
  Layout const layout = layout_of(WeightLayout::out_in, DType::int8, *parse_layout("cmsis-q7-opt"));
  EXPECT_EQ(arranged_shape(t.shape, layout), std::vector<int32_t>{42});
  t.data = arranged(t, layout);
  EXPECT_EQ(std::vector(t.values<int8_t>().begin(), t.values<int8_t>().end()),
            (std::vector<int8_t>{11, 21, 13, 23, 31, 41, 33, 43, 12, 22, 14, 24, 32, 42, 34, 44, 15, 25, 35, 45, 16,
                                 26, 36, 46, 17, 27, 37, 47, 51, 52, 53, 54, 55, 56, 57, 61, 62, 63, 64, 65, 66, 67}));
  EXPECT_EQ(layout_of(WeightLayout::out_in, DType::int16, *parse_layout("cmsis-q7-opt")).name, "[out, in]");
}

// A row of 4 columns and a column of 4 rows, and nothing that is a multiple of 4: the order takes each element once.
TEST(Layout, InterleavesAnyShape) {
  for (size_t rows = 1; rows < 10; ++rows)
    for (size_t columns = 1; columns < 10; ++columns) {
      std::vector<size_t> order = cmsis_q7_opt_order(rows, columns);
      std::sort(order.begin(), order.end());
      std::vector<size_t> every(rows * columns);
      std::iota(every.begin(), every.end(), size_t{0});
      EXPECT_EQ(order, every) << rows << " x " << columns;
    }
}

TEST(NumberText, ReadsBack) {
  auto text = [](DType dtype, auto value) { return number_text(dtype, reinterpret_cast<const std::byte*>(&value)); };
  EXPECT_EQ(text(DType::int8, int8_t{-128}), "-128");
  EXPECT_EQ(text(DType::uint8, uint8_t{200}), "200");
  EXPECT_EQ(text(DType::int64, INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(text(DType::uint64, UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(text(DType::float32, 0.1f), "0.1");
  EXPECT_EQ(text(DType::float64, 0.1), "0.1");
  EXPECT_EQ(text(DType::float16, uint16_t{0x3c01}), "1.0009766");
  EXPECT_EQ(text(DType::float32, -INFINITY), "-inf");
}

}  // namespace
}  // namespace narrow
