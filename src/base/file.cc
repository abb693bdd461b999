#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/new_file.h"

namespace narrow {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> file_error(const std::string& path, std::string what) {
  return fail(ErrorKind::io, std::move(what), path);
}

Status fill(std::span<std::byte> bytes, const Descriptor& file, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t const n = ::read(file.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, std::strerror(errno));
    if (n == 0) return file_error(path, "the file became shorter while it was read");
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return {};
}

}  // namespace

Result<SharedBytes> read_file(const std::string& path, int64_t most_bytes) {
  // Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
  Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return file_error(path, std::strerror(errno));
  if (S_ISDIR(info.st_mode)) return file_error(path, "it is a folder");
  if (!S_ISREG(info.st_mode)) return file_error(path, "it is not a regular file");
  if (info.st_size > most_bytes)
    return fail(
        ErrorKind::limit_exceeded,
        "the file has " + std::to_string(info.st_size) + " bytes; at most " + std::to_string(most_bytes) + " are read",
        path, how_to_raise("file-bytes"));
  auto const size = static_cast<size_t>(info.st_size);
  if (size == 0) return SharedBytes();
  // Pages of its own, where a vector would be filled with zeros first.
  void* const at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return fail(ErrorKind::limit_exceeded, "out of memory", path);
  std::shared_ptr<const void> owner(at, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  std::span const bytes(static_cast<std::byte*>(at), size);
  NARROW_CHECK(fill(bytes, file, path));
  return SharedBytes(std::move(owner), bytes);
}

Status write_file_atomically(const std::string& path, std::span<const std::byte> bytes) {
  NARROW_TRY(NewFile file, NewFile::create(path));
  NARROW_CHECK(file.append(bytes));
  return file.finish();
}

}  // namespace narrow
