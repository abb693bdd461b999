#include "read/data/zip.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "read/data/inflate.h"

namespace narrow {
namespace {

constexpr uint32_t kEndRecord = 0x06054b50, kEndRecord64 = 0x06064b50, kEndLocator64 = 0x07064b50;
constexpr uint32_t kDirectoryRecord = 0x02014b50, kLocalHeader = 0x04034b50;
constexpr int64_t kEndBytes = 22, kLocatorBytes = 20, kEnd64Bytes = 56, kDirectoryBytes = 46, kLocalBytes = 30;
constexpr int64_t kMaxComment = 0xFFFF;
constexpr int64_t kMaxDirectory = 16 << 20;
constexpr int64_t kMaxExpansion = 1032;

/// Little-endian field at `at`; the caller has checked that it is there.
template <class T>
T field(std::span<const std::byte> b, int64_t at) {
  T v{};
  std::memcpy(&v, b.data() + at, sizeof v);
  return v;
}

tl::unexpected<Error> damaged(const char* what) {
  return fail(ErrorKind::bad_file, std::string("not a valid .zip file: ") + what);
}

Result<Bytes> read_at(const ByteSource& file, int64_t offset, int64_t size, const char* what) {
  if (offset < 0 || size < 0 || offset > file.size() || size > file.size() - offset) return damaged(what);
  Bytes out(static_cast<size_t>(size));
  NARROW_CHECK(file.read(offset, out));
  return out;
}

struct Directory {
  int64_t offset = 0;
  int64_t bytes = 0;
  int64_t members = 0;
};

Result<Directory> find_directory(const ByteSource& file) {
  int64_t const tail_bytes = std::min(file.size(), kEndBytes + kMaxComment);
  int64_t const tail_at = file.size() - tail_bytes;
  NARROW_TRY(Bytes tail, read_at(file, tail_at, tail_bytes, "too short"));
  int64_t end = tail_bytes - kEndBytes;
  while (end >= 0 &&
         (field<uint32_t>(tail, end) != kEndRecord || end + kEndBytes + field<uint16_t>(tail, end + 20) != tail_bytes))
    --end;
  if (end < 0) return damaged("the end record is missing");
  int64_t const locator_at = tail_at + end - kLocatorBytes;
  if (locator_at >= 0) {
    NARROW_TRY(Bytes locator, read_at(file, locator_at, kLocatorBytes, "no locator"));
    if (field<uint32_t>(locator, 0) == kEndLocator64) {
      NARROW_TRY(Bytes end64, read_at(file, field<int64_t>(locator, 8), kEnd64Bytes, "the zip64 record is outside"));
      if (field<uint32_t>(end64, 0) != kEndRecord64) return damaged("the zip64 end record is missing");
      return Directory{field<int64_t>(end64, 48), field<int64_t>(end64, 40), field<int64_t>(end64, 32)};
    }
  }
  return Directory{field<uint32_t>(tail, end + 16), field<uint32_t>(tail, end + 12), field<uint16_t>(tail, end + 10)};
}

struct Record {
  std::string name;
  uint16_t flags = 0;
  uint16_t method = 0;
  uint32_t crc = 0;
  int64_t size = 0;
  int64_t stored = 0;
  int64_t header = 0;  // offset of the local header
};

/// Replaces the fields that are all ones by those of the zip64 extra field, which holds only these, in this order.
bool widen(Record& r, std::span<const std::byte> extra) {
  constexpr int64_t kAllOnes = 0xFFFFFFFF;
  for (int64_t at = 0; at + 4 <= static_cast<int64_t>(extra.size());) {
    int64_t const end = at + 4 + field<uint16_t>(extra, at + 2);
    if (end > static_cast<int64_t>(extra.size())) return false;
    if (field<uint16_t>(extra, at) == 1) {
      at += 4;
      for (int64_t* v : {&r.size, &r.stored, &r.header}) {
        if (*v != kAllOnes) continue;
        if (at + 8 > end) return false;
        *v = field<int64_t>(extra, at);
        at += 8;
      }
    }
    at = end;
  }
  return true;
}

/// Takes one record off the front of `rest`.
Result<Record> take_record(std::span<const std::byte>& rest) {
  if (static_cast<int64_t>(rest.size()) < kDirectoryBytes || field<uint32_t>(rest, 0) != kDirectoryRecord)
    return damaged("a directory record is missing");
  size_t const name = field<uint16_t>(rest, 28), extra = field<uint16_t>(rest, 30), comment = field<uint16_t>(rest, 32);
  if (rest.size() < static_cast<size_t>(kDirectoryBytes) + name + extra + comment)
    return damaged("a directory record is cut off");
  Record r{.name = {},
           .flags = field<uint16_t>(rest, 8),
           .method = field<uint16_t>(rest, 10),
           .crc = field<uint32_t>(rest, 16),
           .size = field<uint32_t>(rest, 24),
           .stored = field<uint32_t>(rest, 20),
           .header = field<uint32_t>(rest, 42)};
  auto const tail = rest.subspan(static_cast<size_t>(kDirectoryBytes));
  r.name.assign(reinterpret_cast<const char*>(tail.data()), name);
  if (!widen(r, tail.subspan(name, extra))) return damaged("a zip64 field is cut off");
  rest = tail.subspan(name + extra + comment);
  return r;
}

Result<ZipMember> open_member(const SharedSource& file, const Record& r) {
  if ((r.flags & 1) != 0) return fail(ErrorKind::unsupported, "an encrypted member");
  if (r.method != 0 && r.method != 8)
    return fail(ErrorKind::unsupported, "compression method " + std::to_string(r.method), {}, "use numpy.savez");
  NARROW_TRY(Bytes local, read_at(*file, r.header, kLocalBytes, "a member lies outside the file"));
  if (field<uint32_t>(local, 0) != kLocalHeader) return damaged("a local header is missing");
  int64_t const data = r.header + kLocalBytes + field<uint16_t>(local, 26) + field<uint16_t>(local, 28);
  if (r.stored < 0 || r.size < 0 || data > file->size() || r.stored > file->size() - data)
    return damaged("a member lies outside the file");
  SharedSource raw = slice(file, data, r.stored);
  if (r.method == 0 && r.size != r.stored) return damaged("a stored member has two sizes");
  if (r.method == 0) return ZipMember{r.name, raw};
  if (r.size / kMaxExpansion > r.stored) return damaged("a member claims to expand more than deflate can");
  return ZipMember{r.name, inflated(raw, r.size, r.crc)};
}

}  // namespace

Result<std::vector<ZipMember>> read_zip(const SharedSource& file) {
  NARROW_TRY(Directory directory, find_directory(*file));
  if (directory.bytes > kMaxDirectory) return fail(ErrorKind::limit_exceeded, "the .zip directory is over 16 MiB");
  NARROW_TRY(Bytes records, read_at(*file, directory.offset, directory.bytes, "the directory lies outside the file"));
  std::span<const std::byte> rest = records;
  std::vector<ZipMember> members;
  std::set<std::string> seen;
  for (int64_t i = 0; i < directory.members; ++i) {
    NARROW_TRY(Record record, take_record(rest));
    if (!seen.insert(record.name).second) return damaged(("member '" + record.name + "' occurs twice").c_str());
    auto member = open_member(file, record);
    if (!member) return pass(std::move(member), "member '" + record.name + "'");
    members.push_back(std::move(*member));
  }
  return members;
}

}  // namespace narrow
