#include "calibrate/nstat.h"

#include <sys/stat.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <string_view>

#include "base/limits.h"
#include "base/new_file.h"
#include "read/data/byte_source.h"

namespace narrow {
namespace {

constexpr std::string_view kMagic = "NSTAT002";

class Writer {
 public:
  template <class T>
  void put(T value) {
    auto const* p = reinterpret_cast<const std::byte*>(&value);
    bytes.insert(bytes.end(), p, p + sizeof value);
  }
  void varint(uint64_t v) {
    for (; v >= 128; v >>= 7) put(static_cast<uint8_t>(v | 128));
    put(static_cast<uint8_t>(v));
  }
  void text(std::string_view s) {
    auto const b = std::as_bytes(std::span(s.data(), s.size()));
    bytes.insert(bytes.end(), b.begin(), b.end());
  }
  Bytes bytes;
};

/// Reads on until something is missing; then gives zeros and is no longer `ok`.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  T get() {
    T v{};
    auto const b = take(sizeof v);
    if (ok_) std::memcpy(&v, b.data(), sizeof v);
    return v;
  }
  uint64_t varint() {
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
      auto const b = get<uint8_t>();
      uint64_t const bits = b & 127U;
      require(shift < 64 && (bits << shift) >> shift == bits && (b != 0 || shift == 0));
      if (!ok_) return 0;
      v |= bits << shift;
      if ((b & 128) == 0) return v;
    }
  }
  std::span<const std::byte> take(uint64_t n) {
    require(n <= rest_.size());
    if (!ok_) return {};
    auto const b = rest_.first(static_cast<size_t>(n));
    rest_ = rest_.subspan(static_cast<size_t>(n));
    return b;
  }
  void require(bool condition) { ok_ = ok_ && condition; }
  bool ok() const { return ok_; }
  size_t left() const { return rest_.size(); }
  bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
  bool ok_ = true;
};

uint32_t checksum(std::span<const std::byte> b) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(b.data()), b.size()));
}

void append_block(Bytes& file, const Bytes& payload) {
  Writer block;
  block.put(static_cast<uint32_t>(payload.size()));
  block.bytes.insert(block.bytes.end(), payload.begin(), payload.end());
  block.put(checksum(block.bytes));
  file.insert(file.end(), block.bytes.begin(), block.bytes.end());
}

/// The payload of the next block; not ok where its checksum is wrong.
std::span<const std::byte> take_block(Reader& file) {
  auto const length = file.get<uint32_t>();
  auto const payload = file.take(length);
  auto const expected = file.get<uint32_t>();
  if (!file.ok()) return {};
  std::span const whole(payload.data() - sizeof length, payload.size() + sizeof length);
  file.require(checksum(whole) == expected);
  return payload;
}

Bytes encode_header(const Statistics& s) {
  Writer w;
  w.put(s.kind.model);
  w.put(s.kind.data);
  w.put(static_cast<uint8_t>((s.kind.histograms ? 1 : 0) | (s.kind.per_sample ? 2 : 0) |
                             (s.kind.skip_nonfinite ? 4 : 0)));
  w.varint(s.tensors.size());
  w.varint(s.samples.words.size());
  for (uint64_t word : s.samples.words) w.put(word);
  return std::move(w.bytes);
}

/// Gives the number of tensors.
uint64_t decode_header(Reader& r, Statistics& s) {
  s.kind.model = r.get<uint64_t>();
  s.kind.data = r.get<uint64_t>();
  auto const flags = r.get<uint8_t>();
  r.require(flags < 8);
  s.kind.histograms = (flags & 1) != 0;
  s.kind.per_sample = (flags & 2) != 0;
  s.kind.skip_nonfinite = (flags & 4) != 0;
  uint64_t const tensors = r.varint();
  uint64_t const words = r.varint();
  r.require(words == r.left() / sizeof(uint64_t));
  for (uint64_t i = 0; r.ok() && i < words; ++i) s.samples.words.push_back(r.get<uint64_t>());
  r.require(words == 0 || (r.ok() && s.samples.words.back() != 0));
  r.require(r.finished());
  return tensors;
}

Bytes encode_tensor(const TensorStatistics& t) {
  Writer w;
  w.varint(static_cast<uint64_t>(t.tensor.graph));
  w.varint(static_cast<uint64_t>(t.tensor.tensor));
  w.varint(t.name.size());
  w.text(t.name);
  for (uint64_t n : {t.count, t.zeros, t.nan, t.plus_infinity, t.minus_infinity}) w.put(n);
  w.put(t.min);
  w.put(t.max);
  for (uint64_t word : t.sum.words) w.put(word);
  auto const entries = t.histogram.entries();
  w.varint(entries.size());
  uint32_t next = 0;
  for (const Histogram::Entry& e : entries) {
    w.varint(e.bin - next);
    w.varint(e.count);
    next = e.bin + 1U;
  }
  for (const SampleRange& range : t.samples) {
    w.put(range.min);
    w.put(range.max);
  }
  return std::move(w.bytes);
}

/// A range that no value has been seen in, or one of finite values.
bool is_range(float min, float max) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  return (min == kInf && max == -kInf) || (std::isfinite(min) && std::isfinite(max) && min <= max);
}

void decode_histogram(Reader& r, TensorStatistics& t) {
  uint64_t const bins = r.varint();
  std::vector<Histogram::Entry> entries;
  uint64_t next = 0;
  uint64_t total = 0;
  for (uint64_t i = 0; r.ok() && i < bins; ++i) {
    uint64_t const step = r.varint();
    uint64_t const count = r.varint();
    r.require(step <= 0xFFFF && next + step <= 0xFFFF && ((next + step) & 0x7F80) != 0x7F80);
    r.require(count > 0 && !__builtin_add_overflow(total, count, &total));
    if (r.ok()) entries.push_back({static_cast<uint16_t>(next + step), count});
    next += step + 1;
  }
  entries.shrink_to_fit();
  t.histogram = Histogram::of(std::move(entries));
  r.require(total == t.count);
  if (!r.ok() || t.empty()) return;
  auto const holds = [&](float v) {  // a zero's sign is not kept
    return t.histogram.count(Histogram::bin_of(v)) > 0 || (v == 0 && t.histogram.count(0x8000) > 0);
  };
  r.require(holds(t.min) && holds(t.max));
}

TensorStatistics decode_tensor(Reader& r, const Statistics& s, std::span<const int64_t> samples) {
  TensorStatistics t;
  for (int* part : {&t.tensor.graph, &t.tensor.tensor}) {
    uint64_t const index = r.varint();
    r.require(index <= INT32_MAX);
    *part = static_cast<int>(index);
  }
  auto const name = r.take(r.varint());
  t.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
  for (uint64_t* n : {&t.count, &t.zeros, &t.nan, &t.plus_infinity, &t.minus_infinity}) *n = r.get<uint64_t>();
  t.min = r.get<float>();
  t.max = r.get<float>();
  r.require(is_range(t.min, t.max) && (t.min > t.max) == t.empty() && t.zeros <= t.count);
  for (uint64_t& word : t.sum.words) word = r.get<uint64_t>();
  if (s.kind.histograms)
    decode_histogram(r, t);
  else
    r.require(r.varint() == 0 && t.sum == ExactSum());
  if (!s.kind.per_sample) return t;
  r.require(r.left() == samples.size() * 2 * sizeof(float));
  for (size_t i = 0; r.ok() && i < samples.size(); ++i) {
    auto const min = r.get<float>();
    auto const max = r.get<float>();
    r.require(is_range(min, max));
    t.samples.push_back({samples[i], min, max});
  }
  return t;
}

tl::unexpected<Error> damaged() {
  return fail(ErrorKind::bad_file, "the statistics are damaged", {}, "run the calibration again");
}

}  // namespace

Bytes encode(const Statistics& statistics) {
  Writer file;
  file.text(kMagic);
  append_block(file.bytes, encode_header(statistics));
  for (const TensorStatistics& t : statistics.tensors) append_block(file.bytes, encode_tensor(t));
  return std::move(file.bytes);
}

Result<Statistics> decode(std::span<const std::byte> bytes) {
  Reader file(bytes);
  auto const magic = file.take(kMagic.size());
  if (!file.ok() || std::memcmp(magic.data(), kMagic.data(), kMagic.size()) != 0)
    return fail(ErrorKind::bad_file, "not a .nstat file of version 002", {}, "run the calibration again");
  Statistics s;
  Reader header(take_block(file));
  uint64_t const tensors = decode_header(header, s);
  if (!file.ok() || !header.finished()) return damaged();
  std::vector<int64_t> samples;
  if (s.kind.per_sample && tensors > 0) {
    // Each tensor has two floats for each of them: so many that the file cannot hold them are not listed.
    if (s.samples.count() > static_cast<int64_t>(file.left() / (2 * sizeof(float)))) return damaged();
    samples = s.samples.list();
  }
  for (uint64_t i = 0; i < tensors; ++i) {
    Reader block(take_block(file));
    s.tensors.push_back(decode_tensor(block, s, samples));
    if (!file.ok() || !block.finished()) return damaged();
    if (i > 0 && s.tensors[i - 1].tensor >= s.tensors[i].tensor) return damaged();
  }
  if (!file.finished()) return damaged();
  return s;
}

Result<Statistics> read_statistics(const std::string& path) {
  auto opened = open_source(path);
  if (!opened) return pass(std::move(opened), path);
  const SharedSource& source = *opened;
  if (source->size() > limits_in_force().file_bytes)
    return fail(ErrorKind::limit_exceeded, "the file is too large", path);
  Bytes bytes(static_cast<size_t>(source->size()));
  if (Status done = source->read(0, bytes); !done) return pass(std::move(done), path);
  auto statistics = decode(bytes);
  if (!statistics) return pass(std::move(statistics), path);
  return statistics;
}

Status write_statistics(const std::string& path, const Statistics& statistics) {
  NARROW_TRY(NewFile file, NewFile::create(path));
  NARROW_CHECK(file.append(encode(statistics)));
  return file.finish();
}

Result<bool> begins_as_statistics(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return false;
  auto opened = open_source(path);
  if (!opened) return pass(std::move(opened), path);
  std::array<std::byte, kMagic.size()> first{};
  if ((*opened)->size() < static_cast<int64_t>(first.size())) return false;
  if (Status done = (*opened)->read(0, first); !done) return pass(std::move(done), path);
  return std::memcmp(first.data(), kMagic.data(), first.size()) == 0;
}

}  // namespace narrow
