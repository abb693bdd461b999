#include "read/data/npy.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/checked.h"

namespace narrow {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr uint32_t kMaxHeader = 10000;  // NumPy's own bound
constexpr size_t kMaxRank = 32;         // NumPy's own bound

struct Header {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<int64_t>> shape;
};

/// Reads exactly the Python dictionary that NumPy writes: three keys, in any order, each once.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : rest_(text) {}

  bool parse(Header& h) {
    if (!take('{')) return false;
    while (!take('}')) {
      auto const key = quoted();
      if (!key || !take(':') || !value(*key, h)) return false;
      if (!take(',') && peek() != '}') return false;
    }
    skip_space();
    return rest_.empty() && h.descr && h.fortran_order && h.shape;
  }

 private:
  bool value(std::string_view key, Header& h) {
    if (key == "descr" && !h.descr) {
      if (peek() == '[') return structure(h);
      auto const text = quoted();
      if (text) h.descr = std::string(*text);
      return text.has_value();
    }
    if (key == "fortran_order" && !h.fortran_order) {
      bool const yes = word("True");
      if (!yes && !word("False")) return false;
      h.fortran_order = yes;
      return true;
    }
    return key == "shape" && !h.shape && tuple(h.shape.emplace());
  }

  /// A structured type: kept as "[...]" so that the refusal can name it.
  bool structure(Header& h) {
    size_t const end = rest_.find(']');
    if (end == std::string_view::npos) return false;
    h.descr = std::string(rest_.substr(0, end + 1));
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool tuple(std::vector<int64_t>& out) {
    if (!take('(')) return false;
    while (!take(')')) {
      int64_t v = 0;
      if (!number(v) || out.size() == kMaxRank) return false;
      out.push_back(v);
      if (!take(',') && (peek() != ')' || out.size() == 1)) return false;
    }
    return true;
  }

  bool number(int64_t& v) {
    if (peek() < '0' || peek() > '9') return false;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      auto const shifted = checked_mul(v, 10);
      if (!shifted) return false;
      auto const sum = checked_add(*shifted, rest_[0] - '0');
      if (!sum) return false;
      v = *sum;
      rest_.remove_prefix(1);
    }
    return true;
  }

  std::optional<std::string_view> quoted() {
    char const quote = peek();
    if (quote != '\'' && quote != '"') return std::nullopt;
    size_t const end = rest_.find(quote, 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view const text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool word(std::string_view w) {
    skip_space();
    if (!rest_.starts_with(w)) return false;
    rest_.remove_prefix(w.size());
    return true;
  }
  bool take(char c) { return word(std::string_view(&c, 1)); }
  char peek() {
    skip_space();
    return rest_.empty() ? '\0' : rest_[0];
  }
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

  std::string_view rest_;
};

struct TypeCode {
  std::string_view code;
  DType dtype;
};
constexpr std::array<TypeCode, 12> kTypeCodes{{{"f2", DType::float16},
                                               {"f4", DType::float32},
                                               {"f8", DType::float64},
                                               {"i1", DType::int8},
                                               {"i2", DType::int16},
                                               {"i4", DType::int32},
                                               {"i8", DType::int64},
                                               {"u1", DType::uint8},
                                               {"u2", DType::uint16},
                                               {"u4", DType::uint32},
                                               {"u8", DType::uint64},
                                               {"b1", DType::boolean}}};

Status set_type(const std::string& descr, NpyArray& array) {
  if (descr.find('O') != std::string::npos)
    return fail(ErrorKind::unsupported, "the array holds Python objects, stored as pickle, which is code", {},
                "save it with a plain number type, e.g. x.astype('float32')");
  for (const TypeCode& t : kTypeCodes) {
    if (descr.size() != 3 || descr.substr(1) != t.code) continue;
    bool const one_byte = element_bytes(t.dtype) == 1;
    if (descr[0] != '<' && descr[0] != '>' && descr[0] != (one_byte ? '|' : '=')) break;
    array.dtype = t.dtype;
    array.swapped = descr[0] == '>' && !one_byte;
    return {};
  }
  return fail(ErrorKind::unsupported, "elements of type '" + descr + "'", {},
              "save the array as float32 or as integers");
}

template <class T>
T field(std::span<const std::byte> b) {
  T v{};
  std::memcpy(&v, b.data(), sizeof v);
  return v;
}

/// The header's text; sets the offset of the first element.
Result<std::string> header_text(const ByteSource& source, int64_t& offset) {
  std::array<std::byte, 12> start{};
  size_t const have = std::min<size_t>(start.size(), static_cast<size_t>(source.size()));
  NARROW_CHECK(source.read(0, std::span(start).first(have)));
  if (have < start.size() || std::memcmp(start.data(), kMagic.data(), kMagic.size()) != 0)
    return fail(ErrorKind::bad_file, "not a .npy array");
  auto const version = static_cast<int>(start[6]);
  if (version < 1 || version > 3 || start[7] != std::byte{0})
    return fail(ErrorKind::unsupported,
                ".npy version " + std::to_string(version) + "." + std::to_string(static_cast<int>(start[7])));
  auto const fields = std::span(start).subspan(8);
  uint32_t const length = version == 1 ? field<uint16_t>(fields) : field<uint32_t>(fields);
  if (length > kMaxHeader) return fail(ErrorKind::limit_exceeded, "the .npy header is longer than 10,000 bytes");
  int64_t const at = version == 1 ? 10 : 12;
  offset = at + length;
  std::string text(length, '\0');
  NARROW_CHECK(source.read(at, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace

int64_t NpyArray::elements() const {
  if (std::count(shape.begin(), shape.end(), 0) > 0) return 0;
  int64_t n = 1;
  for (int64_t d : shape) n *= d;
  return n;
}

std::string NpyArray::text() const {
  std::string dims;
  for (int64_t d : shape) dims += (dims.empty() ? "" : ", ") + std::to_string(d);
  return std::string(to_string(dtype)) + " [" + dims + "]";
}

Result<NpyArray> open_npy(SharedSource source) {
  NpyArray array;
  NARROW_TRY(std::string text, header_text(*source, array.offset));
  Header header;
  if (!HeaderParser(text).parse(header)) return fail(ErrorKind::bad_file, "the .npy header is malformed");
  NARROW_CHECK(set_type(*header.descr, array));
  array.shape = std::move(*header.shape);
  auto const long_axes = std::count_if(array.shape.begin(), array.shape.end(), [](int64_t d) { return d != 1; });
  if (*header.fortran_order && long_axes > 1)
    return fail(ErrorKind::unsupported, "the array is stored in Fortran order", {},
                "save numpy.ascontiguousarray(x) instead");
  std::optional<int64_t> bytes = static_cast<int64_t>(element_bytes(array.dtype));
  bool const empty = std::count(array.shape.begin(), array.shape.end(), 0) > 0;
  for (int64_t d : array.shape) bytes = empty || !bytes ? bytes : checked_mul(*bytes, d);
  if (empty) bytes = 0;
  int64_t const have = source->size() - array.offset;
  if (!bytes || *bytes > have)
    return fail(ErrorKind::bad_file, "the file is shorter than its array " + array.text(), {},
                "the file was cut off: copy or save it again");
  if (*bytes < have)
    return fail(ErrorKind::bad_file, std::to_string(have - *bytes) + " bytes follow the array " + array.text());
  array.source = std::move(source);
  return array;
}

}  // namespace narrow
