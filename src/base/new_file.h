// NewFile: a file being written that appears under its name when it is whole, or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unfinished.h"

namespace narrow {

/// An io error: what was being done, and the reason that errno holds.
tl::unexpected<Error> io_error(const std::string& doing, const std::string& path);

/// Writes into a file beside `path` that takes its name, and the permissions of what had the name before, on `finish`;
/// until then it is removed when this object goes, or the process is interrupted. Devices and pipes are written to
/// directly.
class NewFile {
 public:
  /// io where the place cannot be written to; a pipe can be from the moment on that somebody opens it for reading,
  /// which is waited for no longer than two seconds.
  static Result<NewFile> create(const std::string& path);
  /// A file in a folder that is itself unfinished: `path` is its name from the beginning, and `finish` only ends it. It
  /// gets the permissions of `replaced`, the file whose place it is to take, where that exists.
  static Result<NewFile> create_inside(const std::string& path, const std::string& replaced);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&& other) noexcept;
  ~NewFile();

  /// io where the disk is full or fails.
  Status append(std::span<const std::byte> bytes);
  /// Writes at `offset` from the start, wherever that is; several threads may do so at once. Not for pipes.
  Status write_at(int64_t offset, std::span<const std::byte> bytes) const;
  /// Gives the file its name.
  Status finish();
  /// The name that it will have.
  const std::string& path() const { return path_; }
  /// The name that it has until then.
  const std::string& temporary_name() const { return temporary_; }

 private:
  NewFile() = default;
  void abandon() noexcept;

  std::string path_;       // the name it will have
  std::string temporary_;  // the name it has; empty for devices and pipes
  int descriptor_ = -1;
  UnfinishedName unfinished_;
};

}  // namespace narrow
