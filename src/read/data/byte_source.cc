#include "read/data/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace narrow {
namespace {

std::string reason(int code) {
  return std::generic_category().message(code);
}

tl::unexpected<Error> beyond_end(int64_t offset, size_t bytes) {
  return fail(ErrorKind::bad_file, "the file ends before byte " + std::to_string(offset + static_cast<int64_t>(bytes)));
}

class File final : public ByteSource {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() override { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Status measure() {
    struct stat info {};
    if (::fstat(fd_, &info) != 0) return fail(ErrorKind::io, "cannot read the file: " + reason(errno));
    if (!S_ISREG(info.st_mode)) return fail(ErrorKind::io, "not a regular file");
    size_ = info.st_size;
    return {};
  }

  int64_t size() const override { return size_; }

  Status read(int64_t offset, std::span<std::byte> out) const override {
    size_t done = 0;
    while (done < out.size()) {
      ssize_t const n = ::pread(fd_, out.data() + done, out.size() - done, offset + static_cast<int64_t>(done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(ErrorKind::io, "cannot read the file: " + reason(errno));
      if (n == 0) return beyond_end(offset, out.size());
      done += static_cast<size_t>(n);
    }
    return {};
  }

 private:
  int fd_;
  int64_t size_ = 0;
};

class Slice final : public ByteSource {
 public:
  Slice(SharedSource whole, int64_t offset, int64_t size) : whole_(std::move(whole)), offset_(offset), size_(size) {}
  int64_t size() const override { return size_; }
  Status read(int64_t offset, std::span<std::byte> out) const override {
    if (offset < 0 || offset > size_ || static_cast<int64_t>(out.size()) > size_ - offset)
      return beyond_end(offset, out.size());
    return whole_->read(offset_ + offset, out);
  }

 private:
  SharedSource whole_;
  int64_t offset_;
  int64_t size_;
};

class Memory final : public ByteSource {
 public:
  explicit Memory(std::span<const std::byte> bytes) : bytes_(bytes) {}
  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }
  Status read(int64_t offset, std::span<std::byte> out) const override {
    if (offset < 0 || offset > size() || static_cast<int64_t>(out.size()) > size() - offset)
      return beyond_end(offset, out.size());
    std::copy_n(bytes_.begin() + offset, out.size(), out.begin());
    return {};
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace

Result<SharedSource> open_source(const std::string& path) {
  int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return fail(ErrorKind::io, "cannot open the file: " + reason(errno));
  auto file = std::make_shared<File>(fd);
  NARROW_CHECK(file->measure());
  return file;
}

SharedSource slice(SharedSource whole, int64_t offset, int64_t size) {
  return std::make_shared<Slice>(std::move(whole), offset, size);
}

SharedSource memory_source(std::span<const std::byte> bytes) {
  return std::make_shared<Memory>(bytes);
}

}  // namespace narrow
