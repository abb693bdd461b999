#include "ops/quantized.h"

namespace narrow {

Status check_quantized(const Tensor& t) {
  std::string const name = "'" + t.name + "'";
  if (t.dtype != DType::int8 && t.dtype != DType::int16)
    return fail(ErrorKind::unsupported, name + " holds " + to_string(t.dtype) + " where int8 or int16 is needed");
  if (!t.quantization.present()) return fail(ErrorKind::unsupported, name + " holds integers without a scale");
  if (t.quantization.per_axis())
    return fail(ErrorKind::unsupported,
                name + " has " + std::to_string(t.quantization.scales.size()) + " scales where the kernel takes one");
  if (t.dtype == DType::int16 && t.quantization.zero_point() != 0)
    return fail(ErrorKind::unsupported,
                name + " has zero point " + std::to_string(t.quantization.zero_point()) + "; 16-bit values need 0");
  return {};
}

}  // namespace narrow
