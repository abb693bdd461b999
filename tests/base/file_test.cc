#include "base/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "data_files.h"

namespace narrow {
namespace {

TEST(ReadFile, IsACopyThatTheFileHasNoPartIn) {
  ScratchFolder const folder("read-file");
  folder.write("model", std::string(100'000, 'm'));
  auto bytes = read_file(folder / "model");
  ASSERT_TRUE(bytes);
  std::filesystem::resize_file(folder / "model", 0);
  EXPECT_EQ(bytes->size(), 100'000U);
  EXPECT_TRUE(
      std::all_of(bytes->data(), bytes->data() + bytes->size(), [](std::byte b) { return b == std::byte{'m'}; }));
}

TEST(ReadFile, RefusesWhatIsNoRegularFileOrTooLarge) {
  ScratchFolder const folder("read-file-refusals");
  folder.write("model", "1234");
  EXPECT_EQ(read_file(folder / "").error().what, "it is a folder");
  EXPECT_EQ(read_file("/dev/zero").error().what, "it is not a regular file");
  EXPECT_EQ(read_file(folder / "none").error().kind, ErrorKind::io);
  EXPECT_EQ(read_file(folder / "model", 3).error().kind, ErrorKind::limit_exceeded);
}

}  // namespace
}  // namespace narrow
