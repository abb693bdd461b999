#include "base/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

namespace narrow {
namespace {

constexpr mode_t kMode = 0666;  // less what the umask takes away
constexpr mode_t kPermissions = 0777;

/// Where the bytes are to be in the end: what a link points to.
std::string resolved(const std::string& path) {
  char* const real = ::realpath(path.c_str(), nullptr);
  if (!real) return path;
  std::string out = real;
  std::free(real);
  return out;
}

/// The permissions of a file; nothing where there is none.
std::optional<mode_t> permissions_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return info.st_mode & kPermissions;
}

/// A file that was not there before; the descriptor, or -1. Nobody may read it meanwhile who may not in the end.
int open_new(const std::string& path, std::optional<mode_t> permissions) {
  int const descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions.value_or(kMode));
  // Some file systems have no permissions to set.
  if (descriptor >= 0 && permissions) static_cast<void>(::fchmod(descriptor, *permissions));
  return descriptor;
}

/// A name of its own beside `path`, listed before there is anything to remove; the descriptor, or -1.
int open_beside(const std::string& path, std::string& name, UnfinishedName& unfinished) {
  auto const permissions = permissions_of(path);
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = path + ".unfinished-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    unfinished = UnfinishedName(name);
    int const descriptor = open_new(name, permissions);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}

/// A device or pipe; the descriptor, or -1. Opened otherwise, a pipe waits until somebody reads from it.
int open_special(const std::string& path) {
  constexpr int kAttempts = 100;
  constexpr auto kPause = std::chrono::milliseconds(20);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    int const descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor >= 0) {
      ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
      return descriptor;
    }
    if (errno != ENXIO) return -1;
    std::this_thread::sleep_for(kPause);
  }
  errno = ENXIO;
  return -1;
}

}  // namespace

tl::unexpected<Error> io_error(const std::string& doing, const std::string& path) {
  return fail(ErrorKind::io, doing + ": " + std::strerror(errno), path);
}

Result<NewFile> NewFile::create(const std::string& path) {
  NewFile file;
  file.path_ = resolved(path);
  struct stat info {};
  bool const exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return fail(ErrorKind::io, "cannot be written: it is a folder", path);
  bool const special = exists && !S_ISREG(info.st_mode);
  file.descriptor_ = special ? open_special(path) : open_beside(file.path_, file.temporary_, file.unfinished_);
  if (file.descriptor_ < 0) {
    file.temporary_.clear();
    if (special && errno == ENXIO) return fail(ErrorKind::io, "cannot be written: nobody reads from this pipe", path);
    return io_error("cannot be written", path);
  }
  return file;
}

Result<NewFile> NewFile::create_inside(const std::string& path, const std::string& replaced) {
  NewFile file;
  file.path_ = path;
  file.descriptor_ = open_new(path, permissions_of(replaced));
  if (file.descriptor_ < 0) return io_error("cannot be written", path);
  file.temporary_ = path;
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
  unfinished_ = std::exchange(other.unfinished_, {});
  return *this;
}

NewFile::~NewFile() {
  abandon();
}

void NewFile::abandon() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
  unfinished_ = {};
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
  if (temporary_ != path_ && ::rename(temporary_.c_str(), path_.c_str()) != 0)
    return io_error("cannot be written", path_);
  temporary_.clear();
  unfinished_ = {};
  return {};
}

}  // namespace narrow
