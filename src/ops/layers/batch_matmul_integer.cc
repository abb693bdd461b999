#include "ops/layers/batch_matmul_integer.h"

#include "host/scaled.h"
#include "ops/def/form.h"
#include "ops/integer/quantized.h"
#include "rows/batch_matmul.h"

namespace narrow {
namespace {

constexpr int kWideShiftBatchMatmulInteger = 14;  // beyond it the one rounding of 64-bit sums has no bits left to round

constexpr ByProfile<Forms> kFormsBatchMatmul{.xnnpack = {.int8 = Form::delegate}};
/// Whether the runtime takes an 8-bit operand 1 with a 16-bit operand 0.
constexpr ByProfile<bool> kHas16x8BatchMatmul{.narrow = true, .litert = true, .xnnpack = true};

/// Sums stay inside their accumulator, shifted ones inside 32 bits.
Result<Multiplier> factor_of_batch_matmul_integer(const OpView& op, int depth) {
  const Tensor &a = op.input(0), &b = op.input(1);
  int64_t const most = int64_t{depth} * reach(a) * reach(b);
  bool const wide = a.dtype == DType::int16;
  if (most >= int64_t{1} << (wide ? 47 : 31))
    return fail(ErrorKind::unsupported, "sums of " + std::to_string(depth) + " products can reach " +
                                            std::to_string(most) + ", beyond " + (wide ? "2^47" : "2^31"));
  float const product = a.quantization.scale() * b.quantization.scale();
  double const factor = static_cast<double>(product) / static_cast<double>(op.output().quantization.scale());
  if (!wide) return multiplier_for(factor, most);
  NARROW_TRY(Multiplier const m, multiplier_for(factor, 0));
  if (m.shift > kWideShiftBatchMatmulInteger)
    return fail(ErrorKind::unsupported, "the result's scale is too small for those of the operands");
  return m;
}

template <class Params>
Step product_of_batch_matmul(const Kernel& kernel, const Params& p) {
  return call_step(kernel_call(kernel, p, {operand(0), operand(1), result()}));
}

/// XNNPACK, which takes the op where operand 1 has zero point 0.
Result<Step> lower_delegate_batch_matmul_integer(const OpView& op, const nw_batch_matmul_params& p) {
  float const factor =
      op.input(0).quantization.scale() * op.input(1).quantization.scale() / op.output().quantization.scale();
  if (!(factor < 256.0f))
    return fail(ErrorKind::unsupported, "the result's scale is too small for those of the operands");
  return product_of_batch_matmul(kBatchMatmulFloatI8, host::MatmulFloatParams{p, factor});
}

/// Which kernel computes the product in fixed point; unsupported where the runtime has none.
Result<const Kernel*> fixed_kernel(const OpView& op, const LowerContext& context) {
  if (op.input(0).dtype == DType::int8) return &kBatchMatmulI8;
  if (op.input(1).dtype == DType::int16) return &kBatchMatmulI16;
  if (!kHas16x8BatchMatmul[context.profile])
    return fail(ErrorKind::unsupported, "this runtime has no kernel for 16-bit data with 8-bit weights");
  if (op.input(1).quantization.zero_point() != 0)
    return fail(ErrorKind::unsupported, "8-bit weights with a zero point for 16-bit data");
  return &kBatchMatmulI16I8;
}

}  // namespace

Result<Step> lower_integer_batch_matmul(const OpView& op, const nw_batch_matmul_params& geometry,
                                        const LowerContext& context) {
  for (const Tensor* t : {&op.input(0), &op.input(1), &op.output()}) NARROW_CHECK(check_quantized(*t));
  NARROW_TRY(const Kernel* const kernel, fixed_kernel(op, context));
  NARROW_TRY(Multiplier const m, factor_of_batch_matmul_integer(op, geometry.depth));
  nw_batch_matmul_params p = geometry;
  p.a_zero_point = op.input(0).quantization.zero_point();
  p.b_zero_point = op.input(1).quantization.zero_point();
  p.out_zero_point = op.output().quantization.zero_point();
  p.multiplier = m.value;
  p.shift = m.shift;
  bool const delegated = op.input(0).dtype == DType::int8 && p.b_zero_point == 0 &&
                         kFormsBatchMatmul[context.profile].int8 == Form::delegate;
  if (delegated) return lower_delegate_batch_matmul_integer(op, p);
  return product_of_batch_matmul(*kernel, p);
}

}  // namespace narrow
