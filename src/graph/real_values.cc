#include "graph/real_values.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/float16.h"

namespace narrow {
namespace {

/// The zero point is subtracted before the conversion to float, so that 32-bit values keep as many bits as possible.
template <class T>
void convert(const Tensor& t, const std::byte* values, std::span<float> out) {
  const Quantization& q = t.quantization;
  auto const inner = q.per_axis() ? static_cast<size_t>(t.shape.product(q.axis + 1, t.shape.rank())) : 1;
  for (size_t i = 0; i < out.size(); ++i) {
    T stored;
    std::memcpy(&stored, values + i * sizeof(T), sizeof(T));
    if constexpr (std::is_integral_v<T>) {
      if (q.present()) {
        size_t const channel = q.per_axis() ? i / inner % q.scales.size() : 0;
        int64_t const zero = channel < q.zero_points.size() ? q.zero_points[channel] : 0;
        out[i] = static_cast<float>(static_cast<int64_t>(stored) - zero) * q.scales[channel];
        continue;
      }
    }
    out[i] = static_cast<float>(stored);
  }
}

void convert_halves(const std::byte* values, std::span<float> out, float (*from)(uint16_t)) {
  for (size_t i = 0; i < out.size(); ++i) {
    uint16_t bits = 0;
    std::memcpy(&bits, values + i * sizeof bits, sizeof bits);
    out[i] = from(bits);
  }
}

float from_bfloat16(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

}  // namespace

void real_values(const Tensor& tensor, const std::byte* values, std::span<float> out) {
  switch (tensor.dtype) {
    case DType::float32:
      return convert<float>(tensor, values, out);
    case DType::float64:
      return convert<double>(tensor, values, out);
    case DType::float16:
      return convert_halves(values, out, from_float16);
    case DType::bfloat16:
      return convert_halves(values, out, from_bfloat16);
    case DType::int8:
      return convert<int8_t>(tensor, values, out);
    case DType::uint8:
    case DType::boolean:
      return convert<uint8_t>(tensor, values, out);
    case DType::int16:
      return convert<int16_t>(tensor, values, out);
    case DType::uint16:
      return convert<uint16_t>(tensor, values, out);
    case DType::int32:
      return convert<int32_t>(tensor, values, out);
    case DType::uint32:
      return convert<uint32_t>(tensor, values, out);
    case DType::int64:
      return convert<int64_t>(tensor, values, out);
    case DType::uint64:
      return convert<uint64_t>(tensor, values, out);
    default:
      for (float& v : out) v = NAN;
  }
}

}  // namespace narrow
