#include "read/data/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <vector>

#include "base/bytes.h"

namespace narrow {
namespace {

constexpr int64_t kBlock = 64 << 10;
constexpr int64_t kKept = 64;  // blocks

/// Not thread-safe: expands block after block.
class Stream {
 public:
  Stream(SharedSource deflated, int64_t size, uint32_t crc) : in_(std::move(deflated)), size_(size), crc_(crc) {}
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Block `index` of the expanded bytes, valid until the next call.
  Result<std::span<const std::byte>> block(int64_t index) {
    if (!open_ || index < next_ - kKept) NARROW_CHECK(start());
    while (next_ <= index) NARROW_CHECK(expand());
    return std::span<const std::byte>(kept_[static_cast<size_t>(index % kKept)]);
  }

 private:
  Status start() {
    close();
    z_ = {};
    if (inflateInit2(&z_, -MAX_WBITS) != Z_OK) return fail(ErrorKind::limit_exceeded, "no memory to expand the data");
    open_ = true;
    consumed_ = next_ = 0;
    running_crc_ = crc32(0, nullptr, 0);
    return {};
  }

  void close() {
    if (open_) inflateEnd(&z_);
    open_ = false;
  }

  Status refill() {
    auto const n = std::min(static_cast<int64_t>(buffer_.size()), in_->size() - consumed_);
    NARROW_CHECK(in_->read(consumed_, std::span(buffer_).first(static_cast<size_t>(n))));
    consumed_ += n;
    z_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    z_.avail_in = static_cast<uInt>(n);
    return {};
  }

  Status expand() {
    Status const done = expand_next();
    if (!done) close();  // a broken stream is never taken up again half-way
    return done;
  }

  Status expand_next() {
    auto const want = std::min(kBlock, size_ - next_ * kBlock);
    auto const slot = static_cast<size_t>(next_ % kKept);
    if (kept_.size() <= slot) kept_.resize(slot + 1);
    Bytes& out = kept_[slot];
    out.resize(static_cast<size_t>(want));
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(want);
    while (z_.avail_out > 0) {
      // All input may be taken in before the bytes that it stands for have been given out.
      if (z_.avail_in == 0 && consumed_ < in_->size()) NARROW_CHECK(refill());
      int const code = ::inflate(&z_, Z_NO_FLUSH);
      if (code == Z_STREAM_END && z_.avail_out == 0) break;
      if (code == Z_BUF_ERROR) return fail(ErrorKind::bad_file, "the compressed data ends early");
      if (code != Z_OK) return fail(ErrorKind::bad_file, "the compressed data is damaged");
    }
    running_crc_ = crc32(running_crc_, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(want));
    ++next_;
    if (next_ * kBlock >= size_ && running_crc_ != crc_)
      return fail(ErrorKind::bad_file, "the compressed data does not match its checksum");
    return {};
  }

  SharedSource in_;
  int64_t size_;
  uLong crc_;
  z_stream z_{};
  bool open_ = false;
  int64_t consumed_ = 0;  // of in_
  int64_t next_ = 0;      // block to expand next
  uLong running_crc_ = 0;
  std::array<std::byte, 16 << 10> buffer_{};
  std::vector<Bytes> kept_;  // block i at i % kKept
};

class Inflated final : public ByteSource {
 public:
  Inflated(SharedSource deflated, int64_t size, uint32_t crc) : size_(size), stream_(std::move(deflated), size, crc) {}
  int64_t size() const override { return size_; }

  Status read(int64_t offset, std::span<std::byte> out) const override {
    if (offset < 0 || offset > size_ || static_cast<int64_t>(out.size()) > size_ - offset)
      return fail(ErrorKind::bad_file, "the compressed data is shorter than what is read from it");
    std::lock_guard const lock(mutex_);
    while (!out.empty()) {
      NARROW_TRY(std::span<const std::byte> block, stream_.block(offset / kBlock));
      auto const part = block.subspan(static_cast<size_t>(offset % kBlock));
      size_t const n = std::min(part.size(), out.size());
      std::memcpy(out.data(), part.data(), n);
      out = out.subspan(n);
      offset += static_cast<int64_t>(n);
    }
    return {};
  }

 private:
  int64_t size_;
  mutable std::mutex mutex_;
  mutable Stream stream_;
};

}  // namespace

SharedSource inflated(SharedSource deflated, int64_t size, uint32_t crc) {
  return std::make_shared<Inflated>(std::move(deflated), size, crc);
}

}  // namespace narrow
