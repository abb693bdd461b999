#include "read/data/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "data_files.h"

namespace narrow {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class ReadLabels : public testing::Test {
 protected:
  Result<std::vector<int64_t>> read(const std::string& name, const std::string& bytes) {
    return read_labels(folder_.write(name, bytes));
  }
  /// What is said of a file that is refused.
  std::string refusal(const std::string& name, const std::string& bytes) {
    auto const labels = read(name, bytes);
    return labels ? "none" : labels.error().what + " | " + labels.error().remedy;
  }

  ScratchFolder folder_{"labels"};
};

TEST_F(ReadLabels, integers_one_per_sample) {
  auto labels = read("y.npy", npy("|u1", "(3, 1)", raw(std::vector<uint8_t>{7, 8, 255})));
  ASSERT_TRUE(labels);
  EXPECT_THAT(*labels, ElementsAre(7, 8, 255));
  EXPECT_THAT(refusal("y.npy", npy("<f4", "(2,)", raw(std::vector<float>{0, 1}))), HasSubstr("must be integers"));
  EXPECT_THAT(refusal("y.npy", npy("|u1", "(2, 2, 2)", "abcdefgh")), HasSubstr("one-hot rows [samples, classes]"));
  EXPECT_FALSE(read_labels(folder_ / "absent.npy"));
}

TEST_F(ReadLabels, one_hot_rows_of_any_type) {
  auto floats = read("y.npy", npy("<f4", "(3, 2)", raw(std::vector<float>{0, 1, 1, 0, 0, 1})));
  ASSERT_TRUE(floats) << floats.error().what;
  EXPECT_THAT(*floats, ElementsAre(1, 0, 1));
  auto bytes = read("y.npy", npy("|u1", "(2, 1, 3)", raw(std::vector<uint8_t>{0, 0, 1, 0, 1, 0})));
  ASSERT_TRUE(bytes) << bytes.error().what;
  EXPECT_THAT(*bytes, ElementsAre(2, 1));
  auto flags = read("y.npy", npy("|b1", "(2, 3)", raw(std::vector<uint8_t>{0, 0, 1, 1, 0, 0})));
  ASSERT_TRUE(flags) << flags.error().what;
  EXPECT_THAT(*flags, ElementsAre(2, 0));
}

TEST_F(ReadLabels, more_rows_than_are_read_at_once) {
  constexpr size_t kRows = 3000, kClasses = 100;
  std::vector<uint8_t> rows(kRows * kClasses);
  for (size_t i = 0; i < kRows; ++i) rows[i * kClasses + i * 7 % kClasses] = 1;
  auto labels = read("y.npy", npy("|u1", "(3000, 100)", raw(rows)));
  ASSERT_TRUE(labels) << labels.error().what;
  ASSERT_EQ(labels->size(), kRows);
  for (size_t i = 0; i < kRows; ++i) ASSERT_EQ((*labels)[i], static_cast<int64_t>(i * 7 % kClasses));
  rows[2999 * kClasses] = 1;
  EXPECT_THAT(refusal("y.npy", npy("|u1", "(3000, 100)", raw(rows))), HasSubstr("row 2999 is not a single 1"));
}

TEST_F(ReadLabels, scores_are_no_labels) {
  auto row = [&](std::vector<float> values) { return refusal("y.npy", npy("<f4", "(2, 3)", raw(values))); };
  auto const said = AllOf(HasSubstr("row 1 is not a single 1 among zeros"), HasSubstr("numpy.argmax"));
  EXPECT_THAT(row({0, 1, 0, 0.25F, 0.5F, 0.25F}), said);
  EXPECT_THAT(row({0, 1, 0, 0, 0, 0}), said);
  EXPECT_THAT(row({0, 1, 0, 1, 1, 0}), said);
  EXPECT_THAT(row({0, 1, 0, 1, 0, std::numeric_limits<float>::quiet_NaN()}), said);
  EXPECT_THAT(row({0, 1, 0, 1, 0, 1e-20F}), said);
}

TEST_F(ReadLabels, a_column_of_text) {
  for (const char* text : {"7\n8\n255\n", "label\r\n7\r\n8\r\n255", "\xEF\xBB\xBF\"class\"\n\"7\"\n 8 \n\n255\n"}) {
    auto labels = read("y.csv", text);
    ASSERT_TRUE(labels) << text << labels.error().what;
    EXPECT_THAT(*labels, ElementsAre(7, 8, 255)) << text;
  }
}

TEST_F(ReadLabels, text_that_is_not_a_column_of_integers) {
  EXPECT_THAT(refusal("y.csv", "0\n1.5\n"), HasSubstr("line 2 has '1.5', which is not a label"));
  EXPECT_THAT(refusal("y.csv", "file,label\na.png,3\n"), HasSubstr("line 2 has 'a.png,3'"));
  EXPECT_THAT(refusal("y.csv", "0,3\n"), HasSubstr("line 1 has '0,3'"));
  EXPECT_THAT(refusal("y.csv", "0;3\n"), HasSubstr("line 1 has '0;3'"));
  EXPECT_THAT(refusal("y.csv", "label\ncat\n"), HasSubstr("line 2 has 'cat'"));
  EXPECT_THAT(refusal("y.csv", "1e300\n"), HasSubstr("line 1 has '1e300'"));
}

}  // namespace
}  // namespace narrow
