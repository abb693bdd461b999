#include <cmath>
#include <limits>

#include "ops/check/validate_rules.h"

namespace narrow {
namespace {

struct Range {
  int64_t lo;
  int64_t hi;
};

/// Codes of an integer type, as far as zero points may use them: 32 bits at most. Nothing for other types.
std::optional<Range> codes_of(DType dtype) {
  constexpr int64_t kInt32Lo = std::numeric_limits<int32_t>::min(), kInt32Hi = std::numeric_limits<int32_t>::max();
  switch (dtype) {
    case DType::int2:
      return Range{-2, 1};
    case DType::int4:
      return Range{-8, 7};
    case DType::uint4:
      return Range{0, 15};
    case DType::int8:
      return Range{-128, 127};
    case DType::uint8:
      return Range{0, 255};
    case DType::int16:
      return Range{-32768, 32767};
    case DType::uint16:
      return Range{0, 65535};
    case DType::uint32:
    case DType::uint64:
      return Range{0, kInt32Hi};
    case DType::int32:
    case DType::int64:
      return Range{kInt32Lo, kInt32Hi};
    default:
      return std::nullopt;
  }
}

/// Constants may have a scale of 0, as writers give it to channels without any value but 0.
Status validate_scales(const Tensor& tensor) {
  const Quantization& q = tensor.quantization;
  constexpr const char* kRemedy = "quantize the float model anew: `narrow quantize` takes it";
  for (float scale : q.scales) {
    if (scale == 0 && !tensor.constant)
      return fail(ErrorKind::bad_file, "its scale is 0: whoever quantized the model saw only zeros there", "", kRemedy);
    if (!std::isfinite(scale) || scale < 0)
      return fail(ErrorKind::bad_file, "its scale " + std::to_string(scale) + " is not a positive number", "", kRemedy);
  }
  if (!q.per_axis()) return {};
  auto axis = Axis::resolve(q.axis, tensor.shape.rank());
  if (!axis || q.axis < 0)
    return fail(ErrorKind::bad_file,
                "its quantized axis " + std::to_string(q.axis) + " is outside of its shape " + tensor.shape.text());
  if (static_cast<int64_t>(q.scales.size()) != tensor.shape[axis->index()])
    return fail(ErrorKind::bad_file, "it has " + std::to_string(q.scales.size()) + " scales for the " +
                                         std::to_string(tensor.shape[axis->index()]) + " indices of axis " +
                                         std::to_string(q.axis));
  return {};
}

Status validate_zero_points(const Tensor& tensor) {
  const Quantization& q = tensor.quantization;
  if (q.zero_points.size() > 1 && q.zero_points.size() != q.scales.size())
    return fail(ErrorKind::bad_file, "it has " + std::to_string(q.scales.size()) + " scales and " +
                                         std::to_string(q.zero_points.size()) + " zero points");
  auto const codes = codes_of(tensor.dtype);
  if (!codes) return {};
  for (int64_t z : q.zero_points)
    if (z < codes->lo || z > codes->hi)
      return fail(ErrorKind::bad_file,
                  "its zero point " + std::to_string(z) + " is outside of " + to_string(tensor.dtype));
  return {};
}

Status validate_values(const Tensor& tensor) {
  bool const stored = tensor.constant || tensor.from_shapes;
  if (!stored && !tensor.data.empty()) return fail(ErrorKind::bad_file, "it has values but is no constant");
  if (stored && tensor.variable)
    return fail(ErrorKind::bad_file, "it keeps its value between runs and yet is a constant");
  auto const bytes = storage_bytes(tensor.dtype, tensor.elements());
  if (!tensor.known() || !bytes || tensor.dtype == DType::resource) return {};
  if (*bytes == static_cast<int64_t>(tensor.data.size())) return {};
  return fail(ErrorKind::bad_file, "its values take " + std::to_string(tensor.data.size()) + " bytes; " +
                                       tensor.shape.text() + " of " + to_string(tensor.dtype) + " needs " +
                                       std::to_string(*bytes));
}

Status validate_signature(const Tensor& tensor) {
  auto const& signature = tensor.shape_signature;
  if (signature.empty()) return {};
  auto const dims = tensor.shape.dims();
  bool fits = signature.size() == dims.size();
  for (size_t i = 0; fits && i < dims.size(); ++i) fits = signature[i] == -1 || signature[i] == dims[i];
  if (fits) return {};
  return fail(ErrorKind::bad_file, "its shape signature does not go with its shape " + tensor.shape.text());
}

}  // namespace

Status validate_quantization(const Tensor& tensor) {
  if (!tensor.quantization.present()) return {};
  NARROW_CHECK(validate_scales(tensor));
  return validate_zero_points(tensor);
}

Status validate_tensor(const Tensor& tensor) {
  NARROW_CHECK(validate_signature(tensor));
  NARROW_CHECK(validate_values(tensor));
  return validate_quantization(tensor);
}

}  // namespace narrow
