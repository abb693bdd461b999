#include <array>
#include <cmath>

#include "ops/arithmetic/unary.h"
#include "ops/def/form.h"
#include "ops/indexing/indexing.h"
#include "ops/layout/index_operand.h"
#include "rows/indexing.h"

extern "C" {
#include "portable/indexing/topk.h"
}

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_topk_v2(const OpView& op) {
  const Shape& x = op.input(0).shape;
  if (x.rank() == 0) return fail(ErrorKind::bad_file, "the data is a single number; there are no rows");
  NARROW_TRY(int64_t const k, index_value(op, 1, "counts of elements"));
  if (k > x.back())
    return fail(ErrorKind::bad_file, "the largest " + std::to_string(k) + " of rows of " + std::to_string(x.back()));
  std::vector<int32_t> dims(x.dims().begin(), x.dims().end());
  dims.back() = static_cast<int32_t>(std::max<int64_t>(k, 0));
  NARROW_TRY(Shape const shape, Shape::make(dims));
  return std::vector{shape, shape};
}

#define NW_TOPK_NAME topk
#define NW_TOPK_ACT float
#define NW_TOPK_BEFORE(a, b) ((a) > (b) || (!std::isnan(a) && std::isnan(b)))  // a NaN is behind all numbers
#include "portable/indexing/topk_body.h"

#define NW_TOPK_NAME topk
#define NW_TOPK_ACT uint8_t
#define NW_TOPK_BEFORE(a, b) ((a) > (b))
#include "portable/indexing/topk_body.h"

#define NW_TOPK_NAME topk
#define NW_TOPK_ACT int32_t
#define NW_TOPK_BEFORE(a, b) ((a) > (b))
#include "portable/indexing/topk_body.h"

#define NW_TOPK_NAME topk
#define NW_TOPK_ACT int64_t
#define NW_TOPK_BEFORE(a, b) ((a) > (b))
#include "portable/indexing/topk_body.h"

nw_topk_params params_of_topk(const OpView& op) {
  int32_t const depth = std::max(op.input(0).shape.back(), 1);
  return {static_cast<nw_i32>(op.input(0).elements() / depth), depth, op.output().shape.back()};
}

/// On numbers that only the host computes with.
template <class T>
Step host_step(const OpView& op, const char* name) {
  nw_topk_params const p = params_of_topk(op);
  int64_t const in_advance = advance(op.input(0)), out_advance = op.output().elements();
  return Step{.run =
                  [=](const StepArgs& s) {
                    for (int64_t i = 0; i < s.batch; ++i)
                      topk(&p, static_cast<const T*>(s.in[0]) + i * in_advance,
                           static_cast<T*>(s.out[0]) + i * out_advance,
                           static_cast<int32_t*>(s.out[1]) + i * out_advance);
                  },
              .batched = true,
              .host_only = true,
              .kernel = name};
}

Result<Step> lower_topk_v2(const OpView& op, const LowerContext& context) {
  NARROW_TRY(DType const dtype, unary_dtype(op));
  if (op.output(1).dtype != DType::int32)
    return fail(ErrorKind::unsupported, std::string("indices of ") + to_string(op.output(1).dtype));
  switch (dtype) {
    case DType::float32:
      return host_step<float>(op, "float, plain loops");
    case DType::uint8:
      return host_step<uint8_t>(op, "uint8, plain loops");
    case DType::int32:
      return host_step<int32_t>(op, "int32, plain loops");
    case DType::int64:
      return host_step<int64_t>(op, "int64, plain loops");
    case DType::int8:
      NARROW_CHECK(form_for(kFormsNotInTflm[context.profile], dtype));
      return call_step(kernel_call(kTopkI8, params_of_topk(op), {operand(0), result(0), result(1)}));
    case DType::int16:
      NARROW_CHECK(form_for(kFormsNotInTflm[context.profile], dtype));
      return call_step(kernel_call(kTopkI16, params_of_topk(op), {operand(0), result(0), result(1)}));
    default:
      return fail(ErrorKind::unsupported, std::string("no runtime computes it on ") + to_string(dtype));
  }
}

}  // namespace

const OpDef kTopkV2{.name = "TOPK_V2",
                    .arity = {.min_inputs = 2, .max_inputs = 2, .outputs = 2},
                    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 3}),
                    .infer = infer_topk_v2,
                    .lower = lower_topk_v2};

}  // namespace narrow
