#include <cstring>

#include "ops/layout/layout.h"
#include "ops/layout/move.h"

namespace narrow {
namespace {

Result<std::vector<Shape>> infer_zeros_like(const OpView& op) {
  return std::vector{op.input(0).shape};
}

Result<Step> lower_zeros_like(const OpView& op, const LowerContext&) {
  DType const dtype = op.output().dtype;
  // The runtimes write the integer 0 and refuse the types in which that may not stand for 0.
  if (dtype != DType::float32 && dtype != DType::int32 && dtype != DType::int64)
    return fail(ErrorKind::unsupported, std::string("zeros of type ") + to_string(dtype));
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  return call_step(zeros_call(op, bytes));
}

}  // namespace

const OpDef kZerosLike{
    .name = "ZEROS_LIKE",
    .arity = {},
    .quant = {.roles = {Role::activation}},
    .infer = infer_zeros_like,
    .lower = lower_zeros_like,
    .reads_values = false,
};

}  // namespace narrow
