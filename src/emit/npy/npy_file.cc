#include "emit/npy/npy_file.h"

#include <array>
#include <cstring>
#include <optional>

#include "base/checked.h"

namespace narrow {
namespace {

constexpr size_t kAlignment = 64;  // of the first value

/// NumPy's spelling of a type; null where it has none.
const char* spelling(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "<f4";
    case DType::float16:
      return "<f2";
    case DType::float64:
      return "<f8";
    case DType::int8:
      return "|i1";
    case DType::int16:
      return "<i2";
    case DType::int32:
      return "<i4";
    case DType::int64:
      return "<i8";
    case DType::uint8:
      return "|u1";
    case DType::uint16:
      return "<u2";
    case DType::uint32:
      return "<u4";
    case DType::uint64:
      return "<u8";
    case DType::boolean:
      return "|b1";
    case DType::complex64:
      return "<c8";
    case DType::complex128:
      return "<c16";
    default:
      return nullptr;
  }
}

std::string header(const char* descr, std::span<const int32_t> inner, std::optional<int64_t> samples) {
  std::string dims = samples ? std::to_string(*samples) + "," : "";
  for (int32_t d : inner) dims += (dims.empty() ? "" : " ") + std::to_string(d) + ",";
  if (inner.size() + (samples ? 1 : 0) > 1) dims.pop_back();
  std::string text = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" + dims + "), }";
  constexpr size_t kPrefix = 10;  // magic, version, length
  text.append(kAlignment - (kPrefix + text.size() + 1) % kAlignment, ' ');
  text += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(text.size() & 0xFF);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

}  // namespace

Result<NpyFile> NpyFile::create(NewFile file, DType dtype, int64_t samples, std::span<const int32_t> row) {
  const char* const descr = spelling(dtype);
  const std::string& path = file.path();
  if (!descr) return fail(ErrorKind::unsupported, std::string("NumPy has no type for ") + to_string(dtype), path);
  int64_t elements = 1;
  for (int32_t d : row) elements *= d;
  auto const bytes = checked_mul(elements, static_cast<int64_t>(element_bytes(dtype)));
  if (!bytes || !checked_mul(*bytes, samples))
    return fail(ErrorKind::limit_exceeded, "the array would be too large", path);
  std::string const head = header(descr, row, samples);
  NARROW_CHECK(file.append(std::as_bytes(std::span(head))));
  return NpyFile(std::move(file), static_cast<int64_t>(head.size()), *bytes);
}

Status NpyFile::write(int64_t first, std::span<const std::byte> rows) const {
  return file_.write_at(header_bytes_ + first * row_bytes_, rows);
}

Result<std::string> npy_header(DType dtype, std::span<const int32_t> shape) {
  const char* const descr = spelling(dtype);
  if (!descr) return fail(ErrorKind::unsupported, std::string("NumPy has no type for ") + to_string(dtype));
  return header(descr, shape, std::nullopt);
}

std::vector<int32_t> row_shape(const Tensor& t) {
  auto const dims = t.shape.dims();
  bool const leading_one = !dims.empty() && dims[0] == 1;
  return {dims.begin() + (leading_one ? 1 : 0), dims.end()};
}

}  // namespace narrow
