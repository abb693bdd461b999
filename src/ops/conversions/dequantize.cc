#include "ops/arithmetic/unary.h"
#include "ops/conversions/conversions.h"
#include "ops/conversions/scale_slices.h"

namespace narrow {
namespace {

template <class T>
Result<Step> from_integers(const OpView& op) {
  const Tensor& x = op.input(0);
  if (!x.quantization.present()) return fail(ErrorKind::unsupported, "'" + x.name + "' holds integers without a scale");
  auto run = [slices = ScaleSlices(x)](const T* in, float* out) {
    slices.each(in, out, [](const host::Affine& from, const T* part, float* to, int64_t n) {
      host::dequantize(from, part, to, n);
    });
  };
  return unary_step<T, float>(op, run, "float, vector loops", true);
}

Result<Step> lower_dequantize(const OpView& op, const LowerContext&) {
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
    .lower = lower_dequantize,
    .conversion = Conversion::dequantize,
};

}  // namespace narrow
