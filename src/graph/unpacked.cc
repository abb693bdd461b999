#include "graph/unpacked.h"

#include <algorithm>

namespace narrow {
namespace {

int packed_bits(DType dtype) {
  if (dtype == DType::int2) return 2;
  return dtype == DType::int4 || dtype == DType::uint4 ? 4 : 0;
}

}  // namespace

bool is_packed(DType dtype) {
  return packed_bits(dtype) != 0;
}

Tensor unpacked(const Tensor& tensor) {
  int const bits = packed_bits(tensor.dtype);
  if (bits == 0) return tensor;
  auto const in_byte = static_cast<size_t>(8 / bits);
  int const codes = 1 << bits, half = tensor.dtype == DType::uint4 ? codes : codes / 2;
  size_t const count = std::min(static_cast<size_t>(tensor.elements()), tensor.data.size() * in_byte);
  Bytes values(count);
  for (size_t i = 0; i < count; ++i) {  // the lowest bits come first
    int const place = static_cast<int>(i % in_byte) * bits;
    int const code = std::to_integer<int>(tensor.data.data()[i / in_byte]) >> place & (codes - 1);
    values[i] = static_cast<std::byte>(code >= half ? code - codes : code);
  }
  Tensor out = tensor;
  out.dtype = DType::int8;
  out.four_bits = tensor.dtype == DType::int4;
  out.data = SharedBytes(std::move(values));
  return out;
}

SharedBytes in_nibbles(const SharedBytes& values) {
  Bytes pairs((values.size() + 1) / 2, std::byte{0});
  for (size_t i = 0; i < values.size(); ++i) {
    std::byte const nibble = values.data()[i] & std::byte{15};
    pairs[i / 2] |= i % 2 == 0 ? nibble : nibble << 4;
  }
  return SharedBytes(std::move(pairs));
}

Tensor packed(const Tensor& tensor) {
  if (!tensor.four_bits) return tensor;
  Tensor out = tensor;
  out.four_bits = false;
  auto const w = tensor.values<int8_t>();
  if (std::any_of(w.begin(), w.end(), [](int8_t v) { return v < -8 || v > 7; })) return out;
  out.dtype = DType::int4;
  out.data = in_nibbles(tensor.data);
  return out;
}

}  // namespace narrow
