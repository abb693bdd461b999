#include "graph/tensor.h"

#include <array>

#include "base/checked.h"
#include "graph/dtype_names.h"

namespace narrow {
namespace {

/// Bytes of an element, by number of the type.
constexpr std::array<uint8_t, kDTypeNames.size()> kBytes{4, 2, 4, 1, 8, 0, 1, 2, 8, 1, 8, 16,
                                                         8, 0, 0, 4, 2, 0, 2, 0, 0, 1, 1};

}  // namespace

const char* to_string(DType dtype) {
  auto const i = static_cast<size_t>(dtype);
  return i < kDTypeNames.size() ? kDTypeNames[i] : "unknown";
}

size_t element_bytes(DType dtype) {
  auto const i = static_cast<size_t>(dtype);
  return i < kBytes.size() ? kBytes[i] : 0;
}

std::optional<int64_t> storage_bytes(DType dtype, int64_t elements) {
  if (dtype == DType::int4 || dtype == DType::uint4) return (elements + 1) / 2;
  if (dtype == DType::int2) return (elements + 3) / 4;
  size_t const size = dtype == DType::resource ? sizeof(int32_t) : element_bytes(dtype);
  if (size == 0) return std::nullopt;
  return checked_mul(elements, static_cast<int64_t>(size));
}

}  // namespace narrow
