// NewFolder: a folder of files that appear under their names when all of them are whole, or not at all.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/new_file.h"

namespace narrow {

/// Files are written into a temporary folder that `finish` gives its name. Where the folder exists, they move into it
/// and its folders instead: files of their names are replaced, others stay, and while one process moves its files
/// others wait with theirs. Until then all is removed when this object goes, or the process is interrupted.
class NewFolder {
 public:
  /// `cancel` (may be null) is looked at before each file. Errors: io where the place cannot be written to.
  static Result<NewFolder> create(const std::string& path, const std::atomic<bool>* cancel = nullptr);
  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&& other) noexcept;
  ~NewFolder();

  /// Begins a file of that name, which must be new here; it may be in folders, at most kFolderDepth of them:
  /// "kernels/add.c". It is part of the folder once it is finished. Errors: io, cancelled.
  Result<NewFile> file(const std::string& name);
  /// Gives everything its place.
  Status finish();
  /// The names of its files, in order.
  const std::vector<std::string>& names() const { return names_; }

 private:
  NewFolder() = default;
  void abandon() noexcept;
  Status move_files() const;

  std::string path_;       // the folder as it will be
  std::string temporary_;  // where its files are until then
  bool exists_ = false;
  const std::atomic<bool>* cancel_ = nullptr;
  std::vector<std::string> names_;
  std::vector<std::string> inner_;  // folders in it, each behind the one that it is in
  UnfinishedName unfinished_;
};

}  // namespace narrow
