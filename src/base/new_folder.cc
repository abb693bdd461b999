#include "base/new_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>
#include <utility>

namespace narrow {
namespace {

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string without_end_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

/// Makes a folder whose name begins with `beginning`; false with errno where that fails.
bool make_folder(const std::string& beginning, std::string& name, UnfinishedName& unfinished) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = beginning + "unfinished-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    unfinished = UnfinishedName(name);  // before there is anything to remove
    if (::mkdir(name.c_str(), 0777) == 0) return true;
    if (errno != EEXIST) return false;
  }
  return false;
}

/// Keeps other processes from moving files into a folder until `folder` is closed. Where the file system has no locks
/// there is none.
Status lock(int folder, const std::string& path) {
  constexpr int kAttempts = 500;
  constexpr auto kPause = std::chrono::milliseconds(20);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (::flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
    std::this_thread::sleep_for(kPause);
  }
  return fail(ErrorKind::io, "cannot be written: another process is writing into the folder", path);
}

}  // namespace

Result<NewFolder> NewFolder::create(const std::string& path, const std::atomic<bool>* cancel) {
  if (path.empty()) return fail(ErrorKind::io, "a folder has a name", "''");
  NewFolder folder;
  folder.path_ = without_end_slashes(path);
  folder.cancel_ = cancel;
  folder.exists_ = is_folder(folder.path_);
  struct stat info {};
  if (!folder.exists_ && ::stat(folder.path_.c_str(), &info) == 0)
    return fail(ErrorKind::io, "cannot be written: it is not a folder", path);
  if (!make_folder(folder.path_ + (folder.exists_ ? "/" : "."), folder.temporary_, folder.unfinished_)) {
    folder.temporary_.clear();
    return io_error("the folder cannot be written", path);
  }
  return folder;
}

NewFolder::NewFolder(NewFolder&& other) noexcept {
  *this = std::move(other);
}

NewFolder& NewFolder::operator=(NewFolder&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  path_ = std::move(other.path_);
  temporary_ = std::exchange(other.temporary_, {});
  exists_ = other.exists_;
  cancel_ = other.cancel_;
  names_ = std::move(other.names_);
  inner_ = std::move(other.inner_);
  unfinished_ = std::exchange(other.unfinished_, {});
  return *this;
}

NewFolder::~NewFolder() {
  abandon();
}

void NewFolder::abandon() noexcept {
  if (temporary_.empty()) return;
  // No path is put together here: there may be no memory for it.
  if (int const folder = ::open(temporary_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    for (const std::string& name : names_) ::unlinkat(folder, name.c_str(), 0);
    for (auto inner = inner_.rbegin(); inner != inner_.rend(); ++inner)
      ::unlinkat(folder, inner->c_str(), AT_REMOVEDIR);
    ::close(folder);
  }
  ::rmdir(temporary_.c_str());
  temporary_.clear();
  unfinished_ = {};
}

Result<NewFile> NewFolder::file(const std::string& name) {
  if (cancel_ && *cancel_) return fail(ErrorKind::cancelled, "interrupted", path_);
  if (exists_ && is_folder(path_ + "/" + name))
    return fail(ErrorKind::io, "cannot be written: it is a folder", path_ + "/" + name);
  for (size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    std::string const inner = name.substr(0, slash);
    if (std::ranges::find(inner_, inner) != inner_.end()) continue;
    struct stat info {};
    if (exists_ && ::stat((path_ + "/" + inner).c_str(), &info) == 0 && !S_ISDIR(info.st_mode))
      return fail(ErrorKind::io, "cannot be written: it is not a folder", path_ + "/" + inner);
    inner_.push_back(inner);
    if (::mkdir((temporary_ + "/" + inner).c_str(), 0777) != 0)
      return io_error("the folder cannot be written", path_ + "/" + inner);
  }
  names_.push_back(name);
  return NewFile::create_inside(temporary_ + "/" + name, path_ + "/" + name);
}

Status NewFolder::move_files() const {
  int const folder = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return io_error("the folder cannot be written", path_);
  Status status = lock(folder, path_);
  for (const std::string& inner : inner_)
    if (status && ::mkdirat(folder, inner.c_str(), 0777) != 0 && errno != EEXIST)
      status = io_error("the folder cannot be written", path_ + "/" + inner);
  for (size_t i = 0; status && i < names_.size(); ++i)
    if (::renameat(AT_FDCWD, (temporary_ + "/" + names_[i]).c_str(), folder, names_[i].c_str()) != 0)
      status = io_error("cannot be written", path_ + "/" + names_[i]);
  ::close(folder);
  return status;
}

Status NewFolder::finish() {
  bool const renamed = !exists_ && ::rename(temporary_.c_str(), path_.c_str()) == 0;
  if (!renamed) {
    // Somebody else may have made the folder since.
    if (!exists_ && !is_folder(path_)) return io_error("the folder cannot be written", path_);
    NARROW_CHECK(move_files());
    for (auto inner = inner_.rbegin(); inner != inner_.rend(); ++inner) ::rmdir((temporary_ + "/" + *inner).c_str());
    ::rmdir(temporary_.c_str());
  }
  temporary_.clear();
  unfinished_ = {};
  return {};
}

}  // namespace narrow
