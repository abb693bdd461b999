#include <cmath>

#include "graph/attribute_type.h"
#include "ops/activations/rows.h"
#include "ops/arithmetic/unary.h"
#include "ops/reductions/reductions.h"
#include "rows/reductions.h"

extern "C" {
#include "portable/reductions/l2_normalization.h"
}

namespace narrow {
namespace {

constexpr FixedScale kOut8Normalization{1.0f / 128, 0};

Step lower_float_l2(const OpView& op) {
  auto run = [r = rows_of(op)](const float* in, float* out) {
    for (int32_t row = 0; row < r.rows; ++row, in += r.depth, out += r.depth) {
      float sum = 0;
      for (int32_t c = 0; c < r.depth; ++c) sum += in[c] * in[c];
      float const norm = std::max(std::sqrt(sum), 1e-6f);
      for (int32_t c = 0; c < r.depth; ++c) out[c] = in[c] / norm;
    }
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

Result<Step> lower_l2_normalization(const OpView& op, const LowerContext&) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (op.attributes<L2NormalizationAttributes>().activation != Activation::none)
    return fail(ErrorKind::unsupported, "a fused activation, which no runtime has here");
  if (dtype == DType::float32) return lower_float_l2(op);
  if (dtype != DType::int8)
    return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  NARROW_CHECK(check_quantized(op.input(0)));
  NARROW_CHECK(check_fixed(op.output(), kOut8Normalization));
  Rows const r = rows_of(op);
  int64_t const most = reach(op.input(0));
  NARROW_CHECK(check_depth(r, static_cast<int32_t>(((int64_t{1} << 31) - 1) / (most * most))));
  nw_l2_normalization_params const p{r.rows, r.depth, op.input(0).quantization.zero_point()};
  return call_step(kernel_call(kL2NormalizationI8, p, {operand(0), result()}));
}

Result<Step> lower_local(const OpView& op, const LowerContext&) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (dtype != DType::float32)
    return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  auto const& a = op.attributes<LocalResponseNormalizationAttributes>();
  if (a.radius < 0) return fail(ErrorKind::bad_file, "a radius of " + std::to_string(a.radius));
  auto run = [a, r = rows_of(op), radius = std::min(a.radius, op.input(0).shape.back())](const float* in, float* out) {
    for (int32_t row = 0; row < r.rows; ++row, in += r.depth, out += r.depth) {
      for (int32_t c = 0; c < r.depth; ++c) {
        float sum = 0;
        for (int32_t i = std::max(c - radius, 0); i <= std::min(c + radius, r.depth - 1); ++i) sum += in[i] * in[i];
        out[c] = in[c] * std::pow(a.bias + a.alpha * sum, -a.beta);
      }
    }
  };
  return unary_step<float, float>(op, run, "float, plain loops", true);
}

}  // namespace

constexpr AttributeField kL2NormalizationFields[] = {
    field<&L2NormalizationAttributes::activation>("activation"),
};
const AttributeType L2NormalizationAttributes::kType =
    attribute_type<L2NormalizationAttributes>("L2Normalization", kL2NormalizationFields);

constexpr AttributeField kLocalResponseNormalizationFields[] = {
    field<&LocalResponseNormalizationAttributes::radius>("radius"),
    field<&LocalResponseNormalizationAttributes::bias>("bias"),
    field<&LocalResponseNormalizationAttributes::alpha>("alpha"),
    field<&LocalResponseNormalizationAttributes::beta>("beta"),
};
const AttributeType LocalResponseNormalizationAttributes::kType = attribute_type<LocalResponseNormalizationAttributes>(
    "LocalResponseNormalization", kLocalResponseNormalizationFields);

const OpDef kL2Normalization{
    .name = "L2_NORMALIZATION",
    .attributes = &L2NormalizationAttributes::kType,
    .arity = {},
    .quant = {.int8 = true,
              .roles = {Role::activation},
              .output8 = ScaleRule::fixed,
              .fixed8 = kOut8Normalization,
              .versions = {.int8 = 2, .int16 = 2}},
    .infer = infer_rows,
    .lower = lower_l2_normalization,
};

const OpDef kLocalResponseNormalization{.name = "LOCAL_RESPONSE_NORMALIZATION",
                                        .attributes = &LocalResponseNormalizationAttributes::kType,
                                        .arity = {},
                                        .quant = {},
                                        .infer = infer_rows,
                                        .lower = lower_local};

}  // namespace narrow
