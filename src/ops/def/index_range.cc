#include "ops/def/index_range.h"

#include <cstring>

namespace narrow {
namespace {

template <class T>
std::string first_outside_of(const void* integers, size_t count, const char* what,
                             const std::vector<IndexRange>& columns) {
  auto const* const from = static_cast<const std::byte*>(integers);
  for (size_t i = 0; i < count; ++i) {
    IndexRange const range = columns[i % columns.size()];
    T v;
    std::memcpy(&v, from + i * sizeof(T), sizeof(T));
    if (v < range.first || v > range.last)
      return std::string(what) + " hold " + std::to_string(v) + ", which is not in [" + std::to_string(range.first) +
             ", " + std::to_string(range.last) + "]";
  }
  return {};
}

}  // namespace

std::string first_outside(DType dtype, const void* integers, size_t count, const char* what,
                          const std::vector<IndexRange>& columns) {
  if (dtype == DType::int16) return first_outside_of<int16_t>(integers, count, what, columns);
  if (dtype == DType::int32) return first_outside_of<int32_t>(integers, count, what, columns);
  return first_outside_of<int64_t>(integers, count, what, columns);
}

}  // namespace narrow
