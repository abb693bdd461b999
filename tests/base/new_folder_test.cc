#include "base/new_folder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "data_files.h"

namespace narrow {
namespace {

namespace fs = std::filesystem;

class NewFolderTest : public testing::Test {
 protected:
  static Status add(NewFolder& folder, const char* name, const char* text) {
    NARROW_TRY(NewFile file, folder.file(name));
    NARROW_CHECK(file.append(std::as_bytes(std::span(text, std::strlen(text)))));
    return file.finish();
  }
  size_t entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(scratch_ / ""), fs::directory_iterator()));
  }

  ScratchFolder scratch_{std::string("new-folder-") + testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(NewFolderTest, AppearsWhole) {
  auto folder = NewFolder::create((scratch_ / "out") + "//");
  ASSERT_TRUE(folder);
  ASSERT_TRUE(add(*folder, "a", "1"));
  ASSERT_TRUE(add(*folder, "b", "22"));
  EXPECT_FALSE(fs::exists(scratch_ / "out"));
  ASSERT_TRUE(folder->finish());
  EXPECT_EQ(fs::file_size(scratch_ / "out/b"), 2u);
  EXPECT_EQ(folder->names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(NewFolderTest, OrNotAtAll) {
  {
    auto folder = NewFolder::create(scratch_ / "out");
    ASSERT_TRUE(folder);
    ASSERT_TRUE(add(*folder, "a", "1"));
    auto half = folder->file("b");
    ASSERT_TRUE(half);
    NewFolder moved = std::move(*folder);
    half = fail(ErrorKind::io, "gone");
    EXPECT_EQ(entries(), 1u);
  }
  EXPECT_EQ(entries(), 0u);
}

TEST_F(NewFolderTest, KeepsWhatElseIsThere) {
  scratch_.write("a", "before");
  scratch_.write("other", "stays");
  auto folder = NewFolder::create(scratch_ / "");
  ASSERT_TRUE(folder);
  ASSERT_TRUE(add(*folder, "a", "1"));
  ASSERT_TRUE(add(*folder, "b", "22"));
  EXPECT_EQ(fs::file_size(scratch_ / "a"), 6u);
  ASSERT_TRUE(folder->finish());
  EXPECT_EQ(fs::file_size(scratch_ / "a"), 1u);
  EXPECT_EQ(fs::file_size(scratch_ / "other"), 5u);
  EXPECT_EQ(entries(), 3u);
}

TEST_F(NewFolderTest, HasFoldersInFolders) {
  for (bool const into_one_that_exists : {false, true}) {
    if (into_one_that_exists) fs::create_directories(scratch_ / "out/a");
    {
      auto unfinished = NewFolder::create(scratch_ / "out");
      ASSERT_TRUE(unfinished);
      ASSERT_TRUE(add(*unfinished, "a/b/c", "1"));
    }
    EXPECT_FALSE(fs::exists(scratch_ / "out/a/b"));
    EXPECT_EQ(entries(), into_one_that_exists ? 1u : 0u);
    auto folder = NewFolder::create(scratch_ / "out");
    ASSERT_TRUE(folder);
    for (const char* name : {"a/b/c", "a/b/d", "a/e"}) ASSERT_TRUE(add(*folder, name, "1"));
    ASSERT_TRUE(folder->finish());
    for (const char* name : {"out/a/b/c", "out/a/b/d", "out/a/e"}) EXPECT_EQ(fs::file_size(scratch_ / name), 1u);
    EXPECT_EQ(std::distance(fs::directory_iterator(scratch_ / "out"), fs::directory_iterator()), 1);
    fs::remove_all(scratch_ / "out");
  }
}

TEST_F(NewFolderTest, Refusals) {
  scratch_.write("file", "");
  EXPECT_EQ(NewFolder::create(scratch_ / "file").error().kind, ErrorKind::io);
  EXPECT_EQ(NewFolder::create(scratch_ / "none/out").error().kind, ErrorKind::io);
  EXPECT_EQ(NewFolder::create("").error().kind, ErrorKind::io);
  fs::create_directories(scratch_ / "out/a");
  auto folder = NewFolder::create(scratch_ / "out");
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->file("a").error().kind, ErrorKind::io);
  std::atomic<bool> cancel{true};
  auto cancelled = NewFolder::create(scratch_ / "new", &cancel);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->file("a").error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace narrow
