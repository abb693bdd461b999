// NewFile: a file being written that appears under its name when it is whole, or not at all.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"

namespace narrow {

/// Writes into a file beside `path` that takes its name on `finish`; until then it is removed when this object goes,
/// or the process is interrupted. Devices and pipes are written to directly.
class NewFile {
 public:
  /// io where the place cannot be written to.
  static Result<NewFile> create(const std::string& path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&& other) noexcept;
  ~NewFile();

  /// io where the disk is full or fails.
  Status append(std::span<const std::byte> bytes);
  /// Overwrites bytes at `offset`, which have been appended before.
  Status replace(size_t offset, std::span<const std::byte> bytes);
  Status finish();

 private:
  NewFile() = default;
  void abandon() noexcept;

  std::string path_;       // the name it will have
  std::string temporary_;  // the name it has; empty for devices and pipes
  int descriptor_ = -1;
  int slot_ = -1;  // in the list that remove_unfinished_files works through
};

/// Removes what NewFile objects of this process have not finished. For signal handlers.
void remove_unfinished_files() noexcept;

}  // namespace narrow
