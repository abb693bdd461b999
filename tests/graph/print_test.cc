#include "graph/print.h"

#include <gtest/gtest.h>

#include "read/read.h"
#include "small_file.h"

namespace narrow {
namespace {

TEST(Print, HasALineForEachOp) {
  auto const model = read_model(SharedBytes(SmallFile().bytes()), "small");
  ASSERT_TRUE(model);
  EXPECT_EQ(print(model->graphs[1]),
            "  in   %0 'a' float32[1, 8]\n"
            "   0  ADD  %1 'b' float32[1, 8] <- %0, %0\n"
            "  out  %1\n");
  std::string const text = print(model->main());
  EXPECT_NE(text.find("   5  FULLY_CONNECTED  %11 'dense' int8[1, 4] (scale 0.2, zero point 5) <- %8, "
                      "%9 const int8[4, 8] (4 scales along axis 0), %10 const int32[4] (4 scales along axis 0)\n"),
            std::string::npos)
      << text;
}

TEST(Print, ShowsWhatIsFree) {
  Tensor t;
  t.shape = Shape::of({1, 8});
  t.shape_signature = {-1, 8};
  EXPECT_EQ(print(t), "float32[?, 8]");
  t.unranked = true;
  EXPECT_EQ(print(t), "float32[...]");
}

TEST(Readable, KeepsMessagesOnOneLine) {
  EXPECT_EQ(readable("a\nb\tc"), "a?b?c");
  EXPECT_EQ(readable(std::string(1000, 'x')).size(), 113U);
}

}  // namespace
}  // namespace narrow
