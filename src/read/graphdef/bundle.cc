#include "read/graphdef/bundle.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/checked.h"
#include "base/file.h"

namespace narrow::graphdef {
namespace {

// Source of the layout: LevelDB's table format. A file is blocks, each followed by one byte that says how it is
// compressed and a checksum, and a footer of 48 bytes with the places of the index of blocks.
constexpr size_t kFooter = 48, kTrailer = 5;
constexpr std::array<unsigned char, 8> kMagic{0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb};

tl::unexpected<Error> damaged(const char* what) {
  return fail(ErrorKind::bad_file, std::string("the index of variables is damaged: ") + what);
}

/// The cyclic redundancy check of Castagnoli, as LevelDB stores it.
uint32_t masked_crc(std::span<const std::byte> bytes, uint32_t crc = 0) {
  static const std::array<uint32_t, 256> kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t r = i;
      for (int k = 0; k < 8; ++k) r = (r >> 1) ^ (r & 1 ? 0x82f63b78u : 0u);
      table[i] = r;
    }
    return table;
  }();
  crc = ~crc;
  for (std::byte const b : bytes) crc = kTable[(crc ^ static_cast<uint32_t>(b)) & 0xff] ^ (crc >> 8);
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

uint32_t fixed32(std::string_view bytes, size_t at) {
  uint32_t v = 0;
  std::memcpy(&v, bytes.data() + at, sizeof v);
  return v;
}

/// A number of seven bits a byte, taken off the front of `bytes`.
std::optional<uint64_t> take_varint(std::string_view& bytes) {
  uint64_t v = 0;
  for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
    auto const b = static_cast<unsigned char>(bytes[i]);
    v |= static_cast<uint64_t>(b & 0x7f) << (7 * i);
    if (b < 0x80) {
      bytes.remove_prefix(i + 1);
      return v;
    }
  }
  return std::nullopt;
}

/// The block at the place that `handle` begins with.
Result<std::string_view> block_at(std::string_view file, std::string_view& handle) {
  auto const offset = take_varint(handle), size = take_varint(handle);
  if (!offset || !size || *offset > file.size() || *size > file.size() - *offset ||
      file.size() - *offset - *size < kTrailer)
    return damaged("a block lies outside of the file");
  std::string_view const whole = file.substr(*offset, *size + kTrailer);
  if (whole[*size] != 0)
    return fail(ErrorKind::unsupported, "the index of variables is compressed", "",
                "save the model again with TensorFlow 1.1 or later, which does not compress it");
  std::span const checked(reinterpret_cast<const std::byte*>(whole.data()), *size + 1);
  if (masked_crc(checked) != fixed32(whole, *size + 1)) return damaged("a checksum is wrong");
  return whole.substr(0, *size);
}

/// Hands the keys and values of a block to `take`, which may fail.
template <class Take>
Status each_entry(std::string_view block, Take take) {
  if (block.size() < 4) return damaged("a block is too short");
  uint64_t const restarts = fixed32(block, block.size() - 4);
  if (restarts > (block.size() - 4) / 4) return damaged("a block is too short");
  std::string_view rest = block.substr(0, block.size() - 4 - restarts * 4);
  std::string key;
  while (!rest.empty()) {
    auto const shared = take_varint(rest), more = take_varint(rest), length = take_varint(rest);
    if (!shared || !more || !length || *shared > key.size() || *more > rest.size() || *length > rest.size() - *more)
      return damaged("an entry reaches beyond its block");
    key.resize(*shared);
    key += rest.substr(0, *more);
    NARROW_CHECK(take(key, rest.substr(*more, *length)));
    rest.remove_prefix(*more + *length);
  }
  return {};
}

}  // namespace

Result<Bundle> Bundle::read(const SharedBytes& index, const std::string& prefix, const Limits& limits) {
  std::string_view const file(reinterpret_cast<const char*>(index.data()), index.size());
  if (file.size() < kFooter || std::memcmp(file.data() + file.size() - 8, kMagic.data(), 8) != 0)
    return damaged("it does not end as such files do");
  Bundle bundle;
  bundle.prefix_ = prefix;
  bundle.limits_ = &limits;
  std::string_view footer = file.substr(file.size() - kFooter);
  if (!take_varint(footer) || !take_varint(footer)) return damaged("its footer is wrong");  // a block without use here
  NARROW_TRY(std::string_view const blocks, block_at(file, footer));
  bool has_header = false;
  NARROW_CHECK(each_entry(blocks, [&](const std::string&, std::string_view handle) -> Status {
    NARROW_TRY(std::string_view const block, block_at(file, handle));
    return each_entry(block, [&](const std::string& key, std::string_view value) -> Status {
      if (key.empty()) {
        tf_format::BundleHeaderProto header;
        if (!header.ParseFromArray(value.data(), static_cast<int>(value.size()))) return damaged("its header is wrong");
        if (header.endianness() != 0) return fail(ErrorKind::unsupported, "the variables are stored big-endian");
        bundle.shards_ = header.num_shards();
        has_header = true;
        return {};
      }
      if (bundle.entries_.size() >= static_cast<size_t>(limits.tensors))
        return fail(ErrorKind::limit_exceeded, "there are more variables than tensors are allowed", "",
                    how_to_raise("tensors"));
      tf_format::BundleEntryProto entry;
      if (!entry.ParseFromArray(value.data(), static_cast<int>(value.size()))) return damaged("an entry is wrong");
      bundle.entries_.insert_or_assign(key, std::move(entry));
      return {};
    });
  }));
  if (!has_header) return damaged("it has no header");
  return bundle;
}

Result<SharedBytes> Bundle::shard(int number) {
  if (number < 0 || number >= shards_) return damaged("a variable lies in a file that is not there");
  auto const at = files_.find(number);
  if (at != files_.end()) return at->second;
  NARROW_TRY(SharedBytes file,
             read_file(fmt::format("{}.data-{:05}-of-{:05}", prefix_, number, shards_), limits_->file_bytes));
  return files_.emplace(number, std::move(file)).first->second;
}

Result<Constant> Bundle::value(const std::string& name) {
  auto const at = entries_.find(name);
  if (at == entries_.end()) return fail(ErrorKind::bad_file, "the index of variables does not hold '" + name + "'");
  const tf_format::BundleEntryProto& entry = at->second;
  std::string const where = "variable '" + name + "'";
  Constant out;
  out.name = name;
  auto dtype = dtype_of_number(entry.dtype());
  if (!dtype) return pass(std::move(dtype), where);
  out.dtype = *dtype;
  std::vector<int32_t> dims;
  for (const auto& d : entry.shape().dim()) {
    if (d.size() < 0 || d.size() > limits_->tensor_elements)
      return fail(ErrorKind::bad_file, "a dimension of " + std::to_string(d.size()), where);
    dims.push_back(static_cast<int32_t>(d.size()));
  }
  auto shape = Shape::make(dims, *limits_);
  if (!shape) return pass(std::move(shape), where);
  out.shape = *shape;
  size_t const element = element_bytes(out.dtype);
  if (element == 0) return out;  // text: names of objects, which nothing computes with
  NARROW_TRY(SharedBytes const file, shard(entry.shard_id()));
  auto const bytes = checked_mul(out.shape.elements(), static_cast<int64_t>(element));
  auto const end = checked_add(entry.offset(), entry.size());
  if (!bytes || *bytes != entry.size() || entry.offset() < 0 || !end || *end > static_cast<int64_t>(file.size()))
    return fail(ErrorKind::bad_file, "its place or size does not fit", where);
  auto const view = file.bytes().subspan(static_cast<size_t>(entry.offset()), static_cast<size_t>(entry.size()));
  if (masked_crc(view) != entry.crc32c()) return fail(ErrorKind::bad_file, "its checksum is wrong", where);
  bool const aligned = reinterpret_cast<uintptr_t>(view.data()) % element == 0;
  out.data = aligned ? SharedBytes(file.owner(), view) : SharedBytes::copy_of(view);
  return in_computed_dtype(std::move(out));
}

}  // namespace narrow::graphdef
