#include "quantize/weights/parts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "quantize/params.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/weights/bias.h"

namespace narrow {
namespace {

/// The part to which each of `count` values belongs.
size_t part_of(size_t i, size_t count, size_t parts) {
  return i / std::max<size_t>(count / parts, 1);
}

template <class Int>
SharedBytes integers_of(const std::vector<double>& values, const std::vector<float>& scales, double most) {
  std::vector<Int> out(values.size());
  for (size_t i = 0; i < out.size(); ++i) {
    auto const scale = static_cast<double>(scales[part_of(i, out.size(), scales.size())]);
    out[i] = static_cast<Int>(std::clamp(std::round(values[i] / scale), -most, most));
  }
  return SharedBytes::copy_of(std::span<const Int>(out));
}

/// One scale for all, or one for each row, which then stand for their parts.
Quantization quantization_of(const Tensor& t, const std::vector<float>& scales) {
  if (scales.size() == 1) return Quantization::of(scales[0], 0);
  Quantization out;
  auto const rows = static_cast<size_t>(t.shape[0]);
  for (size_t row = 0; row < rows; ++row) out.scales.push_back(scales[part_of(row, rows, scales.size())]);
  return out;
}

Tensor with(const Tensor& like, DType dtype, const std::vector<float>& scales, SharedBytes data) {
  Tensor out = like;
  out.dtype = dtype;
  out.quantization = quantization_of(like, scales);
  out.data = std::move(data);
  return out;
}

}  // namespace

std::vector<float> largest_of_parts(const Tensor& constant, size_t parts) {
  std::vector<double> const values = real_bias(&constant);
  std::vector<float> most(parts);
  for (size_t i = 0; i < values.size(); ++i) {
    float& part = most[part_of(i, values.size(), most.size())];
    part = std::max(part, static_cast<float>(std::fabs(values[i])));
  }
  return most;
}

Tensor symmetric_constant(const Tensor& constant, const std::vector<float>& scales, int bits) {
  std::vector<double> const values = real_bias(&constant);
  double const most = symmetric_limit(bits);
  return bits == 16 ? with(constant, DType::int16, scales, integers_of<int16_t>(values, scales, most))
                    : with(constant, DType::int8, scales, integers_of<int8_t>(values, scales, most));
}

Result<Tensor> part_bias(const Tensor& bias, const std::vector<float>& scales, int data_bits) {
  double const most = data_bits == 16 ? 0x1p46 : 0x1p31 - 1;
  std::vector<float> const largest = largest_of_parts(bias, scales.size());
  for (size_t part = 0; part < scales.size(); ++part)
    if (static_cast<double>(largest[part]) > most * static_cast<double>(scales[part]))
      return fail(ErrorKind::unsupported,
                  "its bias does not fit " + std::string(data_bits == 16 ? "46" : "32") + " bits");
  std::vector<double> const values = real_bias(&bias);
  return data_bits == 16 ? with(bias, DType::int64, scales, integers_of<int64_t>(values, scales, most))
                         : with(bias, DType::int32, scales, integers_of<int32_t>(values, scales, most));
}

Tensor zeros(std::string name, const Shape& shape, DType dtype, const Quantization& quantization) {
  Tensor out;
  out.name = std::move(name);
  out.shape = shape;
  out.dtype = dtype;
  out.quantization = quantization;
  auto const n = static_cast<size_t>(shape.elements());
  auto const zero = quantization.zero_point();
  std::vector<int16_t> const words(n, static_cast<int16_t>(zero));
  std::vector<int8_t> const bytes(n, static_cast<int8_t>(zero));
  out.data = dtype == DType::int16 ? SharedBytes::copy_of(std::span<const int16_t>(words))
                                   : SharedBytes::copy_of(std::span<const int8_t>(bytes));
  out.constant = true;
  return out;
}

}  // namespace narrow
