#include "emit/constants/number_text.h"

#include <fmt/format.h>

#include <cstring>

#include "base/float16.h"

namespace narrow {
namespace {

template <class T>
T loaded(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

std::string number_text(DType dtype, const std::byte* at) {
  switch (dtype) {
    case DType::float32:
      return fmt::format("{}", loaded<float>(at));
    case DType::float64:
      return fmt::format("{}", loaded<double>(at));
    case DType::float16:
      return fmt::format("{}", from_float16(loaded<uint16_t>(at)));
    case DType::int8:
      return fmt::format("{}", int{loaded<int8_t>(at)});
    case DType::int16:
      return fmt::format("{}", loaded<int16_t>(at));
    case DType::int32:
      return fmt::format("{}", loaded<int32_t>(at));
    case DType::int64:
      return fmt::format("{}", loaded<int64_t>(at));
    case DType::uint16:
      return fmt::format("{}", loaded<uint16_t>(at));
    case DType::uint32:
      return fmt::format("{}", loaded<uint32_t>(at));
    case DType::uint64:
      return fmt::format("{}", loaded<uint64_t>(at));
    default:  // uint8, boolean
      return fmt::format("{}", unsigned{loaded<uint8_t>(at)});
  }
}

}  // namespace narrow
