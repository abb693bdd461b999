#include <gtest/gtest.h>

#include "ops/check/validate.h"
#include "read/read.h"
#include "same_model.h"
#include "shared_models.h"
#include "tflite/write.h"

namespace narrow {
namespace {

/// A file of the converter whose weights have scales that are not numbers, because they multiply zeros only.
bool has_broken_scales(const std::string& path) {
  return path.find("gru_unrolled_int16x8") != std::string::npos;
}

TEST(ReadModel, TakesEveryModelOfTheSharedData) {
  std::vector<std::string> const paths = shared_models();
  if (paths.empty()) GTEST_SKIP() << "no shared data";
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    auto model = read_model(path);
    if (has_broken_scales(path)) {
      ASSERT_FALSE(model);
      EXPECT_EQ(model.error().kind, ErrorKind::bad_file);
      EXPECT_NE(model.error().what.find("scale"), std::string::npos);
      continue;
    }
    ASSERT_TRUE(model) << model.error().what << " " << model.error().where;
    EXPECT_TRUE(validate(*model));
    auto again = read_model(SharedBytes(*write_tflite(*model)), path);
    ASSERT_TRUE(again) << again.error().what << " " << again.error().where;
    EXPECT_EQ(difference(*model, *again), "");
  }
}

}  // namespace
}  // namespace narrow
