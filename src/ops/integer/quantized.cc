#include "ops/integer/quantized.h"

#include <algorithm>
#include <cmath>

#include "ops/def/attributes.h"

namespace narrow {

Status check_one_scale(const Tensor& t) {
  std::string const name = "'" + t.name + "'";
  if (!t.quantization.present()) return fail(ErrorKind::unsupported, name + " holds integers without a scale");
  if (t.quantization.per_axis())
    return fail(ErrorKind::unsupported,
                name + " has " + std::to_string(t.quantization.scales.size()) + " scales where the kernel takes one");
  if (t.quantization.scale() == 0) return fail(ErrorKind::unsupported, name + " has a scale of 0");
  return {};
}

Status check_quantized(const Tensor& t) {
  std::string const name = "'" + t.name + "'";
  if (t.dtype != DType::int8 && t.dtype != DType::int16)
    return fail(ErrorKind::unsupported, name + " holds " + to_string(t.dtype) + " where int8 or int16 is needed");
  NARROW_CHECK(check_one_scale(t));
  if (t.dtype == DType::int16 && t.quantization.zero_point() != 0)
    return fail(ErrorKind::unsupported,
                name + " has zero point " + std::to_string(t.quantization.zero_point()) + "; 16-bit values need 0");
  return {};
}

Status check_fixed(const Tensor& t, const FixedScale& fixed) {
  NARROW_CHECK(check_one_scale(t));
  // The runtimes' own tolerance for files whose scale went through decimals.
  if (!(std::abs(t.quantization.scale() - fixed.scale) <= 0.001f * fixed.scale) ||
      t.quantization.zero_point() != fixed.zero_point)
    return fail(ErrorKind::unsupported, "'" + t.name + "' needs scale 1/" +
                                            std::to_string(std::lround(1.0f / fixed.scale)) + " and zero point " +
                                            std::to_string(fixed.zero_point) + ", which the runtimes take for granted");
  return {};
}

int64_t reach(const Tensor& t) {
  IntegerInterval const range = integer_range(t.dtype);
  int64_t const zero = t.quantization.zero_point();
  return std::max(zero - range.lo, range.hi - zero);
}

Result<Multiplier> multiplier_for(double factor, int64_t most) {
  if (!(factor >= 0 && factor < 0x1p31))
    return fail(ErrorKind::unsupported, "scales whose quotient " + std::to_string(factor) + " is no factor");
  Multiplier const m = quantize_multiplier(factor);
  if (m.shift > 30 || (most << std::max(m.shift, 0)) >= (int64_t{1} << 31) - (1 << 15))
    return fail(ErrorKind::unsupported, "the result's scale is too small; values leave 32 bits in the runtimes");
  return m;
}

}  // namespace narrow
