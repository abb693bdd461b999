#include "base/new_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace narrow {
namespace {

namespace fs = std::filesystem;

class NewFileTest : public testing::Test {
 protected:
  NewFileTest() {
    folder_ = fs::temp_directory_path() /
              ("narrow_new_file_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~NewFileTest() override { fs::remove_all(folder_); }

  std::string path(const char* name) const { return (folder_ / name).string(); }
  static std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

std::span<const std::byte> bytes(const char* text) {
  return std::as_bytes(std::span(text, std::strlen(text)));
}

TEST_F(NewFileTest, AppearsWhole) {
  auto file = NewFile::create(path("a"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->append(bytes("hello ")));
  ASSERT_TRUE(file->append(bytes("world")));
  ASSERT_TRUE(file->write_at(0, bytes("J")));
  EXPECT_FALSE(fs::exists(path("a")));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(content(path("a")), "Jello world");
  EXPECT_EQ(files(), 1u);
}

TEST_F(NewFileTest, OrNotAtAll) {
  std::ofstream(path("a")) << "before";
  {
    auto file = NewFile::create(path("a"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->append(bytes("after")));
    NewFile moved = std::move(*file);
    EXPECT_EQ(files(), 2u);
  }
  EXPECT_EQ(content(path("a")), "before");
  EXPECT_EQ(files(), 1u);
}

TEST_F(NewFileTest, InterruptedLeavesNothing) {
  auto file = NewFile::create(path("a"));
  ASSERT_TRUE(file);
  remove_unfinished();
  EXPECT_EQ(files(), 0u);
}

TEST_F(NewFileTest, InterruptedLeavesNoFolder) {
  fs::create_directory(path("a"));
  UnfinishedName const name(path("a"));
  fs::create_directories(path("a") + "/b/c");
  for (const char* inner : {"/b/d", "/b/c/e"}) std::ofstream(path("a") + inner) << 1;
  for (int i = 0; i < 300; ++i) std::ofstream(path("a") + "/" + std::to_string(i)) << i;
  remove_unfinished();
  EXPECT_EQ(files(), 0u);
}

TEST_F(NewFileTest, KeepsPermissions) {
  std::ofstream(path("a")) << "before";
  fs::permissions(path("a"), fs::perms(0640));
  auto file = NewFile::create(path("a"));
  ASSERT_TRUE(file);
  EXPECT_EQ(fs::status(file->temporary_name()).permissions(), fs::perms(0640));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms(0640));
}

TEST_F(NewFileTest, KeepsLinks) {
  std::ofstream(path("target")) << "before";
  fs::create_symlink(path("target"), path("link"));
  auto file = NewFile::create(path("link"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->append(bytes("after")));
  ASSERT_TRUE(file->finish());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("target")), "after");
}

TEST_F(NewFileTest, Refusals) {
  EXPECT_EQ(NewFile::create(folder_.string()).error().kind, ErrorKind::io);
  EXPECT_EQ(NewFile::create(path("none/a")).error().kind, ErrorKind::io);
  auto full = NewFile::create("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->append(bytes("x")).error().kind, ErrorKind::io);
  auto null = NewFile::create("/dev/null");
  ASSERT_TRUE(null);
  ASSERT_TRUE(null->append(bytes("x")));
  EXPECT_TRUE(null->finish());
  EXPECT_TRUE(fs::exists("/dev/null"));
}

}  // namespace
}  // namespace narrow
