#include "base/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace narrow {
namespace {

constexpr mode_t kMode = 0666;  // less what the umask takes away

// Names of unfinished files. A handler may read them at any moment, so they are kept here and not in objects.
std::array<std::atomic<const char*>, 4096> unfinished;

int enlist(const std::string& name) {
  char* const copy = ::strdup(name.c_str());
  if (!copy) return -1;
  for (size_t i = 0; i < unfinished.size(); ++i) {
    const char* expected = nullptr;
    if (unfinished[i].compare_exchange_strong(expected, copy)) return static_cast<int>(i);
  }
  std::free(copy);
  return -1;
}

void strike_off(int slot) {
  if (slot < 0) return;
  std::free(const_cast<char*>(unfinished[static_cast<size_t>(slot)].exchange(nullptr)));
}

/// Where the bytes are to be in the end: what a link points to.
std::string resolved(const std::string& path) {
  char* const real = ::realpath(path.c_str(), nullptr);
  if (!real) return path;
  std::string out = real;
  std::free(real);
  return out;
}

bool is_special(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/// A name of its own beside `path`; the descriptor, or -1.
int open_beside(const std::string& path, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = path + ".unfinished-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    int const descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}

}  // namespace

tl::unexpected<Error> io_error(const std::string& doing, const std::string& path) {
  return fail(ErrorKind::io, doing + ": " + std::strerror(errno), path);
}

void remove_unfinished_files() noexcept {
  for (auto& slot : unfinished)
    if (const char* name = slot.load()) ::unlink(name);
}

Result<NewFile> NewFile::create(const std::string& path) {
  NewFile file;
  file.path_ = resolved(path);
  if (is_special(path)) {
    file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
      return fail(ErrorKind::io, "cannot be written: it is a folder", path);
    file.descriptor_ = open_beside(file.path_, file.temporary_);
    if (file.descriptor_ >= 0) file.slot_ = enlist(file.temporary_);
  }
  if (file.descriptor_ < 0) {
    file.temporary_.clear();
    return io_error("cannot be written", path);
  }
  return file;
}

NewFile::NewFile(NewFile&& other) noexcept {
  *this = std::move(other);
}

NewFile& NewFile::operator=(NewFile&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  path_ = std::move(other.path_);
  temporary_ = std::exchange(other.temporary_, {});
  descriptor_ = std::exchange(other.descriptor_, -1);
  slot_ = std::exchange(other.slot_, -1);
  return *this;
}

NewFile::~NewFile() {
  abandon();
}

void NewFile::abandon() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
  strike_off(std::exchange(slot_, -1));
}

Status NewFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t const n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("cannot be written", path_);
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return {};
}

Status NewFile::write_at(int64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    ssize_t const n = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("cannot be written", path_);
    offset += n;
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return {};
}

Status NewFile::finish() {
  // A full disk may come to light only here.
  if (::close(std::exchange(descriptor_, -1)) != 0) return io_error("cannot be written", path_);
  if (temporary_.empty()) return {};
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return io_error("cannot be written", path_);
  temporary_.clear();
  strike_off(std::exchange(slot_, -1));
  return {};
}

}  // namespace narrow
