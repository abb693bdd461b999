#include "base/new_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
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
bool make_folder(const std::string& beginning, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = beginning + "unfinished-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    if (::mkdir(name.c_str(), 0777) == 0) return true;
    if (errno != EEXIST) return false;
  }
  return false;
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
  if (!make_folder(folder.path_ + (folder.exists_ ? "/" : "."), folder.temporary_)) {
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
    ::close(folder);
  }
  ::rmdir(temporary_.c_str());
  temporary_.clear();
}

Result<NewFile> NewFolder::file(const std::string& name) {
  if (cancel_ && *cancel_) return fail(ErrorKind::cancelled, "interrupted", path_);
  if (exists_ && is_folder(path_ + "/" + name))
    return fail(ErrorKind::io, "cannot be written: it is a folder", path_ + "/" + name);
  names_.push_back(name);
  return NewFile::create(temporary_ + "/" + name);
}

Status NewFolder::finish() {
  if (!exists_) {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return io_error("the folder cannot be written", path_);
  } else {
    for (const std::string& name : names_)
      if (::rename((temporary_ + "/" + name).c_str(), (path_ + "/" + name).c_str()) != 0)
        return io_error("cannot be written", path_ + "/" + name);
    ::rmdir(temporary_.c_str());
  }
  temporary_.clear();
  return {};
}

}  // namespace narrow
