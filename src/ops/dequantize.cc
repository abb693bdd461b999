#include "ops/dequantize.h"

#include "host/quantize.h"
#include "ops/unary.h"

namespace narrow {
namespace {

/// Consecutive elements with one scale: `inner` of them for each index along the axis, `outer` times over.
struct Slices {
  int64_t outer = 1;
  int64_t inner = 1;
  std::vector<host::Affine> scales;
};

Slices slices_of(const Tensor& t) {
  const Quantization& q = t.quantization;
  Slices s{.outer = 1, .inner = t.elements(), .scales = {}};
  if (q.per_axis()) {
    s.outer = t.shape.product(0, q.axis);
    s.inner = t.shape.product(q.axis + 1, t.shape.rank());
  }
  for (size_t i = 0; i < q.scales.size(); ++i) {
    int64_t const zero = q.zero_points.empty() ? 0 : q.zero_points[q.zero_points.size() == 1 ? 0 : i];
    s.scales.push_back({q.scales[i], static_cast<int32_t>(zero)});
  }
  return s;
}

template <class T>
Result<Step> from_integers(const OpView& op) {
  const Tensor& x = op.input(0);
  if (!x.quantization.present()) return fail(ErrorKind::unsupported, "'" + x.name + "' holds integers without a scale");
  auto run = [s = slices_of(x)](const T* in, float* out) {
    for (int64_t o = 0; o < s.outer; ++o)
      for (const host::Affine& from : s.scales) {
        host::dequantize(from, in, out, s.inner);
        in += s.inner;
        out += s.inner;
      }
  };
  return unary_step<T, float>(op, run, "float, vector loops", true);
}

Result<Step> lower(const OpView& op, const LowerContext&) {
  if (op.output().dtype != DType::float32)
    return fail(ErrorKind::unsupported, std::string("a result of ") + to_string(op.output().dtype));
  switch (op.input(0).dtype) {
    case DType::int8:
      return from_integers<int8_t>(op);
    case DType::uint8:
      return from_integers<uint8_t>(op);
    case DType::int16:
      return from_integers<int16_t>(op);
    case DType::float16: {
      auto run = [n = op.output().elements()](const uint16_t* in, float* out) { host::dequantize(in, out, n); };
      return unary_step<uint16_t, float>(op, run, "float, vector loops", true);
    }
    default:
      return fail(ErrorKind::unsupported, std::string("data of ") + to_string(op.input(0).dtype));
  }
}

}  // namespace

const OpDef kDequantize{
    .name = "DEQUANTIZE",
    .arity = {},
    .quant = {.roles = {Role::activation}, .versions = {.int8 = 2, .int16 = 3}},
    .infer = infer_unary,
    .lower = lower,
};

}  // namespace narrow
