#include "emit/c/object_bytes.h"

#include <optional>

namespace narrow {
namespace {

/// Where the numbers of a header lie; System V ABI, chapter 4.
struct Places {
  size_t word;  // bytes of an address
  size_t section_offset, entry_size, entry_count;
  size_t flags, size;  // in a section's header
};

constexpr Places kPlaces32{4, 32, 46, 48, 8, 20};
constexpr Places kPlaces64{8, 40, 58, 60, 8, 32};
constexpr size_t kTypePlace = 4;
constexpr uint64_t kWrite = 1, kAllocated = 2, kExecutable = 4;
constexpr uint64_t kNoBits = 8;  // the type of sections that begin as zeros

class Reader {
 public:
  Reader(std::span<const std::byte> file, bool big) : file_(file), big_(big) {}
  /// The number of `bytes` bytes at `at`; none beyond the end.
  std::optional<uint64_t> number(uint64_t at, size_t bytes) const {
    if (at > file_.size() || bytes > file_.size() - at) return std::nullopt;
    uint64_t out = 0;
    for (size_t i = 0; i < bytes; ++i)
      out = out << 8 | std::to_integer<uint64_t>(file_[at + (big_ ? i : bytes - 1 - i)]);
    return out;
  }

 private:
  std::span<const std::byte> file_;
  bool big_;
};

}  // namespace

Result<ObjectBytes> object_bytes(std::span<const std::byte> file) {
  constexpr uint64_t kMagic = 0x7f454c46, kMostBytes = uint64_t{1} << 40;
  constexpr size_t kClassPlace = 4, kOrderPlace = 5;
  if (file.size() <= kOrderPlace || Reader(file, true).number(0, 4) != kMagic)
    return fail(ErrorKind::bad_file, "the object is no ELF file");
  const Places& p = file[kClassPlace] == std::byte{2} ? kPlaces64 : kPlaces32;
  Reader const reader(file, file[kOrderPlace] == std::byte{2});
  auto const first = reader.number(p.section_offset, p.word);
  auto const each = reader.number(p.entry_size, 2), count = reader.number(p.entry_count, 2);
  if (!first || !each || !count) return fail(ErrorKind::bad_file, "the object file is cut short");
  ObjectBytes out;
  for (uint64_t i = 0; i < *count; ++i) {
    uint64_t const at = *first + i * *each;
    auto const type = reader.number(at + kTypePlace, 4);
    auto const flags = reader.number(at + p.flags, p.word), size = reader.number(at + p.size, p.word);
    if (!type || !flags || !size || *size > kMostBytes)
      return fail(ErrorKind::bad_file, "the object file is cut short");
    if (!(*flags & kAllocated) || *type == kNoBits) continue;
    (*flags & kExecutable ? out.code : *flags & kWrite ? out.data : out.constants) += static_cast<int64_t>(*size);
  }
  return out;
}

}  // namespace narrow
