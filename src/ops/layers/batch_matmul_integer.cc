#include "ops/layers/batch_matmul_integer.h"

#include <algorithm>
#include <cmath>

#include "ops/def/attributes.h"
#include "ops/integer/quantized.h"
#include "ops/layers/matmul_step.h"

extern "C" {
#include "nw_requantize.h"
#include "portable/layers/batch_matmul.h"
}

namespace narrow {
namespace {

constexpr int kWideShiftBatchMatmulInteger = 14;  // beyond it the one rounding of 64-bit sums has no bits left to round

/// Sums stay inside their accumulator, shifted ones inside 32 bits.
Result<Multiplier> factor_of_batch_matmul_integer(const OpView& op, const MatmulGeometry& g) {
  const Tensor &a = op.input(0), &b = op.input(1);
  int64_t const most = int64_t{g.depth} * reach(a) * reach(b);
  bool const wide = a.dtype == DType::int16;
  if (most >= int64_t{1} << (wide ? 47 : 31))
    return fail(ErrorKind::unsupported, "sums of " + std::to_string(g.depth) + " products can reach " +
                                            std::to_string(most) + ", beyond " + (wide ? "2^47" : "2^31"));
  float const product = a.quantization.scale() * b.quantization.scale();
  double const factor = static_cast<double>(product) / static_cast<double>(op.output().quantization.scale());
  if (!wide) return multiplier_for(factor, most);
  NARROW_TRY(Multiplier const m, multiplier_for(factor, 0));
  if (m.shift > kWideShiftBatchMatmulInteger)
    return fail(ErrorKind::unsupported, "the result's scale is too small for those of the operands");
  return m;
}

nw_batch_matmul_params params_of_batch_matmul_integer(const OpView& op, const MatmulGeometry& g, const Multiplier& m) {
  return {.matrices = g.matrices,
          .rows = g.rows,
          .depth = g.depth,
          .cols = g.cols,
          .a_row_stride = g.adjoint_a ? 1 : g.depth,
          .a_step = g.adjoint_a ? g.rows : 1,
          .b_col_stride = g.adjoint_b ? g.depth : 1,
          .b_step = g.adjoint_b ? 1 : g.cols,
          .a_zero_point = op.input(0).quantization.zero_point(),
          .b_zero_point = op.input(1).quantization.zero_point(),
          .multiplier = m.value,
          .shift = m.shift,
          .out_zero_point = op.output().quantization.zero_point()};
}

template <class A, class B>
Step portable_step_batch_matmul_integer(const nw_batch_matmul_params& p,
                                        void (*run)(const nw_batch_matmul_params*, const A*, const B*, A*)) {
  return Step{.run =
                  [p, run](const StepArgs& s) {
                    run(&p, static_cast<const A*>(s.in[0]), static_cast<const B*>(s.in[1]), static_cast<A*>(s.out[0]));
                  },
              .kernel = "integer, portable"};
}

/// scale(sum): units of the result without the zero point, already inside the type where that can overflow.
template <class A, class B, class Sum, class Scale>
Step host_step(const OpView& op, const MatmulGeometry& g, Scale scale) {
  IntegerInterval const range = integer_range(op.output().dtype);
  int const zero = op.output().quantization.zero_point(), b_zero = op.input(1).quantization.zero_point();
  auto finish = [=, cols = g.cols](const Sum* sums, A* out) {
    for (int c = 0; c < cols; ++c) out[c] = static_cast<A>(std::clamp(scale(sums[c]) + zero, range.lo, range.hi));
  };
  std::vector<int16_t> known;
  if (op.input(1).constant) {
    MatmulSide const side = columns_of(g, b_zero);
    known.resize(static_cast<size_t>(side.elements()));
    lay_out(side, op.input(1).values<B>().data(), known.data());
  }
  Step step = matmul_step<A, B, int16_t, Sum, A>(
      g, op.input(0).quantization.zero_point(), b_zero, std::move(known), [](int16_t*) {}, finish);
  step.kernel = "integer, vector loops";
  return step;
}

template <class A, class B>
Result<Step> lower_wide(const OpView& op, const MatmulGeometry& g, const LowerContext& context,
                        void (*run)(const nw_batch_matmul_params*, const A*, const B*, A*)) {
  NARROW_TRY(Multiplier const m, factor_of_batch_matmul_integer(op, g));
  if (context.reference) return portable_step_batch_matmul_integer(params_of_batch_matmul_integer(op, g, m), run);
  return host_step<A, B, int64_t>(op, g, [m](int64_t sum) { return nw_requantize_wide(sum, m.value, m.shift); });
}

/// XNNPACK, which takes the op where operand 1 has zero point 0.
Result<Step> lower_delegate_batch_matmul_integer(const OpView& op, const MatmulGeometry& g) {
  const Quantization& out = op.output().quantization;
  float const factor = op.input(0).quantization.scale() * op.input(1).quantization.scale() / out.scale();
  if (!(factor < 256.0f))
    return fail(ErrorKind::unsupported, "the result's scale is too small for those of the operands");
  auto const lo = static_cast<float>(-128 - out.zero_point()), hi = static_cast<float>(127 - out.zero_point());
  Step step = host_step<int8_t, int8_t, int32_t>(op, g, [=](int32_t sum) {
    return static_cast<int32_t>(std::nearbyint(std::clamp(static_cast<float>(sum) * factor, lo, hi)));
  });
  step.host_only = true;
  step.kernel = "integer sums, float rounding, vector loops";
  return step;
}

Result<Step> lower_int8_batch_matmul_integer(const OpView& op, const MatmulGeometry& g, const LowerContext& context) {
  NARROW_TRY(Multiplier const m, factor_of_batch_matmul_integer(op, g));
  if (context.profile.batch_matmul.int8 == Form::delegate && op.input(1).quantization.zero_point() == 0)
    return lower_delegate_batch_matmul_integer(op, g);
  if (context.reference)
    return portable_step_batch_matmul_integer(params_of_batch_matmul_integer(op, g, m), nw_batch_matmul_i8);
  return host_step<int8_t, int8_t, int32_t>(op, g,
                                            [m](int32_t sum) { return nw_requantize_double(sum, m.value, m.shift); });
}

}  // namespace

Result<Step> lower_integer_batch_matmul(const OpView& op, const MatmulGeometry& g, const LowerContext& context) {
  for (const Tensor* t : {&op.input(0), &op.input(1), &op.output()}) NARROW_CHECK(check_quantized(*t));
  if (op.input(0).dtype == DType::int8) return lower_int8_batch_matmul_integer(op, g, context);
  if (op.input(1).dtype == DType::int16) return lower_wide<int16_t, int16_t>(op, g, context, nw_batch_matmul_i16);
  if (context.profile.batch_matmul_16x8 == Form::absent)
    return fail(ErrorKind::unsupported, "this runtime has no kernel for 16-bit data with 8-bit weights");
  if (op.input(1).quantization.zero_point() != 0)
    return fail(ErrorKind::unsupported, "8-bit weights with a zero point for 16-bit data");
  return lower_wide<int16_t, int8_t>(op, g, context, nw_batch_matmul_i16_i8);
}

}  // namespace narrow
