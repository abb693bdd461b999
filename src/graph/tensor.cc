#include "graph/tensor.h"

#include <array>

#include "base/checked.h"

namespace narrow {
namespace {

struct Row {
  const char* name;
  size_t bytes;
};

constexpr std::array<Row, 23> kTypes{
    {{"float32", 4},  {"float16", 2},  {"int32", 4},     {"uint8", 1},         {"int64", 8},      {"string", 0},
     {"bool", 1},     {"int16", 2},    {"complex64", 8}, {"int8", 1},          {"float64", 8},    {"complex128", 16},
     {"uint64", 8},   {"resource", 0}, {"variant", 0},   {"uint32", 4},        {"uint16", 2},     {"int4", 0},
     {"bfloat16", 2}, {"int2", 0},     {"uint4", 0},     {"float8_e4m3fn", 1}, {"float8_e5m2", 1}}};

}  // namespace

const char* to_string(DType dtype) {
  auto const i = static_cast<size_t>(dtype);
  return i < kTypes.size() ? kTypes[i].name : "unknown";
}

size_t element_bytes(DType dtype) {
  auto const i = static_cast<size_t>(dtype);
  return i < kTypes.size() ? kTypes[i].bytes : 0;
}

std::optional<int64_t> storage_bytes(DType dtype, int64_t elements) {
  if (dtype == DType::int4 || dtype == DType::uint4) return (elements + 1) / 2;
  if (dtype == DType::int2) return (elements + 3) / 4;
  size_t const size = dtype == DType::resource ? sizeof(int32_t) : element_bytes(dtype);
  if (size == 0) return std::nullopt;
  return checked_mul(elements, static_cast<int64_t>(size));
}

}  // namespace narrow
