// .npz: a zip archive of .npy files. Format: PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16.
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>

#include "base/unique_names.h"
#include "emit/npy/npy_file.h"

namespace narrow {
namespace {

struct Member {
  std::string name;
  uint32_t crc = 0;
  uint32_t size = 0;
  uint32_t offset = 0;
};

void put(std::string& out, uint64_t value, int bytes) {
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value);
}

/// The fields that the header before the data and the one in the directory share.
void put_common(std::string& out, const Member& m) {
  put(out, 20, 2);       // version needed
  put(out, 1 << 11, 2);  // names are UTF-8
  put(out, 0, 2);        // stored
  put(out, 0, 2);        // time
  put(out, 0x21, 2);     // date: the first of January 1980, so that equal arrays give equal bytes
  put(out, m.crc, 4);
  put(out, m.size, 4);
  put(out, m.size, 4);
  put(out, m.name.size(), 2);
  put(out, 0, 2);  // extra field
}

std::string local_header(const Member& m) {
  std::string out = "PK\x03\x04";
  put_common(out, m);
  return out + m.name;
}

std::string directory(const std::vector<Member>& members, uint32_t offset) {
  std::string out;
  for (const Member& m : members) {
    out += "PK\x01\x02";
    put(out, 20, 2);  // made by
    put_common(out, m);
    put(out, 0, 2 + 2 + 2 + 4);  // comment, disk, attributes
    put(out, m.offset, 4);
    out += m.name;
  }
  auto const size = out.size();
  out += "PK\x05\x06";
  put(out, 0, 4);  // disks
  put(out, members.size(), 2);
  put(out, members.size(), 2);
  put(out, size, 4);
  put(out, offset, 4);
  put(out, 0, 2);  // comment
  return out;
}

/// Reads a file piece by piece.
Status each_piece(const std::string& path, const std::function<Status(std::span<const std::byte>)>& use) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (!file) return fail(ErrorKind::io, "cannot be read", path);
  std::vector<std::byte> piece(1 << 18);
  Status status;
  size_t n = 0;
  while (status && (n = std::fread(piece.data(), 1, piece.size(), file)) > 0)
    status = use(std::span<const std::byte>(piece.data(), n));
  if (status && std::ferror(file)) status = fail(ErrorKind::io, "cannot be read", path);
  std::fclose(file);
  return status;
}

/// Names as members of an archive, which has two bytes for their lengths.
std::vector<std::string> member_names(const std::vector<std::string>& names) {
  constexpr size_t kLongest = 65'000;
  UniqueNames unique;
  std::vector<std::string> out;
  for (const std::string& name : names) {
    size_t end = std::min(name.size(), kLongest);
    while (end < name.size() && end > 0 && (name[end] & 0xC0) == 0x80) --end;  // UTF-8: whole characters
    out.push_back(unique.take(name.substr(0, end)) + ".npy");
  }
  return out;
}

}  // namespace

Status write_npz(const std::string& path, const std::vector<std::string>& names, std::vector<NpyFile> arrays) {
  if (arrays.size() > std::numeric_limits<uint16_t>::max())
    return fail(ErrorKind::limit_exceeded,
                "an .npz cannot hold " + std::to_string(arrays.size()) + " arrays, at most 65,535", path);
  NARROW_TRY(NewFile file, NewFile::create(path));
  std::vector<std::string> const files = member_names(names);
  std::vector<Member> members;
  uint64_t offset = 0;
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  auto append = [&](std::span<const std::byte> bytes) -> Status {
    offset += bytes.size();
    if (offset > kMost) return fail(ErrorKind::limit_exceeded, "an .npz cannot be larger than 4 GiB", path);
    return file.append(bytes);
  };
  for (size_t i = 0; i < arrays.size(); ++i) {
    Member m{.name = files[i], .offset = static_cast<uint32_t>(offset)};
    uint64_t size = 0;
    const std::string& from = arrays[i].file().temporary_name();
    NARROW_CHECK(each_piece(from, [&](std::span<const std::byte> piece) -> Status {
      m.crc = static_cast<uint32_t>(
          crc32(m.crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size())));
      size += piece.size();
      return {};
    }));
    m.size = static_cast<uint32_t>(std::min(size, kMost));
    std::string const head = local_header(m);
    NARROW_CHECK(append(std::as_bytes(std::span(head))));
    NARROW_CHECK(each_piece(from, append));
    members.push_back(std::move(m));
  }
  std::string const tail = directory(members, static_cast<uint32_t>(offset));
  NARROW_CHECK(append(std::as_bytes(std::span(tail))));
  return file.finish();
}

}  // namespace narrow
