#include "base/unfinished.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace narrow {
namespace {

// A handler may read these at any moment, so they are kept here and not in objects.
std::array<std::atomic<const char*>, 4096> names;

int enlist(const std::string& name) {
  char* const copy = ::strdup(name.c_str());
  if (!copy) return -1;
  for (size_t i = 0; i < names.size(); ++i) {
    const char* expected = nullptr;
    if (names[i].compare_exchange_strong(expected, copy)) return static_cast<int>(i);
  }
  std::free(copy);
  return -1;
}

/// Removes a folder that holds files, and folders of such, `depth` deep. opendir takes memory, which a handler must
/// not.
void remove_folder(int place, const char* name, int depth) noexcept {
  int const folder = ::openat(place, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  alignas(dirent64) std::array<char, 8192> entries;
  auto* const first = reinterpret_cast<dirent64*>(entries.data());  // glibc's getdents64 takes void*
  for (ssize_t n = 0; (n = ::getdents64(folder, first, entries.size())) > 0;)
    for (ssize_t at = 0; at < n;) {
      auto const* const entry = reinterpret_cast<const dirent64*>(entries.data() + at);
      bool const inside = std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0;
      if (inside && ::unlinkat(folder, entry->d_name, 0) != 0 && depth > 0)
        remove_folder(folder, entry->d_name, depth - 1);
      at += entry->d_reclen;
    }
  ::close(folder);
  ::unlinkat(place, name, AT_REMOVEDIR);
}

}  // namespace

UnfinishedName::UnfinishedName(const std::string& path) : slot_(enlist(path)) {}

UnfinishedName::UnfinishedName(UnfinishedName&& other) noexcept : slot_(std::exchange(other.slot_, -1)) {}

UnfinishedName& UnfinishedName::operator=(UnfinishedName&& other) noexcept {
  std::swap(slot_, other.slot_);
  return *this;
}

UnfinishedName::~UnfinishedName() {
  if (slot_ >= 0) std::free(const_cast<char*>(names[static_cast<size_t>(slot_)].exchange(nullptr)));
}

void remove_unfinished() noexcept {
  for (auto& slot : names)
    if (const char* name = slot.load(); name && ::unlink(name) != 0) remove_folder(AT_FDCWD, name, kFolderDepth);
}

}  // namespace narrow
