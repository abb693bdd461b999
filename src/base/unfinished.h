// Names of files and folders that are not whole yet, for a process that ends before they are.
#pragma once

#include <string>

namespace narrow {

/// How deep folders may lie in one that is on the list below.
inline constexpr int kFolderDepth = 2;

/// A name on the list of what is removed when the process is interrupted; struck off when this object goes. There is
/// room for 4,096; further ones stay behind after an interrupt.
class UnfinishedName {
 public:
  UnfinishedName() = default;
  explicit UnfinishedName(const std::string& path);
  UnfinishedName(UnfinishedName&& other) noexcept;
  UnfinishedName& operator=(UnfinishedName&& other) noexcept;
  ~UnfinishedName();

 private:
  int slot_ = -1;
};

/// Removes what is on the list: files, and folders with all that is in them. For signal handlers.
void remove_unfinished() noexcept;

}  // namespace narrow
