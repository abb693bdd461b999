#include <gtest/gtest.h>

#include "base/file.h"
#include "same_model.h"
#include "shared_models.h"
#include "tflite/read.h"
#include "tflite/write.h"

namespace narrow {
namespace {

TEST(TfliteRoundTrip, KeepsEveryModelOfTheSharedData) {
  std::vector<std::string> const paths = shared_models();
  if (paths.empty()) GTEST_SKIP() << "no shared data";
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    auto file = read_file(path);
    ASSERT_TRUE(file);
    auto model = read_tflite(*file, path);
    ASSERT_TRUE(model) << model.error().what << " " << model.error().where;
    auto written = write_tflite(*model);
    ASSERT_TRUE(written) << written.error().what;
    EXPECT_LE(written->size(), file->size());
    auto again = read_tflite(SharedBytes(*written), path);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(difference(*model, *again), "");
    EXPECT_EQ(*write_tflite(*again), *written);
  }
}

TEST(TfliteRoundTrip, ConstantsAreViewsIntoTheFile) {
  std::vector<std::string> const paths = shared_models();
  if (paths.empty()) GTEST_SKIP() << "no shared data";
  auto file = read_file(paths.front());
  ASSERT_TRUE(file);
  auto model = read_tflite(*file, paths.front());
  ASSERT_TRUE(model);
  for (const Tensor& t : model->main().tensors)
    if (t.constant && !t.data.empty()) {
      EXPECT_GE(t.data.data(), file->data());
      EXPECT_LT(t.data.data(), file->data() + file->size());
    }
}

}  // namespace
}  // namespace narrow
