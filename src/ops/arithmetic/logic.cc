#include "ops/arithmetic/arithmetic.h"
#include "ops/arithmetic/unary.h"
#include "rows/arithmetic.h"

extern "C" {
#include "portable/arithmetic/choose.h"
}

namespace narrow {
namespace {

Status check_truth(const OpView& op) {
  for (size_t i = 0; i < op.input_count(); ++i)
    if (op.input(i).dtype != DType::boolean)
      return fail(ErrorKind::unsupported, std::string("operands of ") + to_string(op.input(i).dtype));
  if (op.output().dtype == DType::boolean) return {};
  return fail(ErrorKind::unsupported, std::string("a result of ") + to_string(op.output().dtype));
}

template <const Kernel& kKernel>
Result<Step> lower_logic(const OpView& op, const LowerContext&) {
  NARROW_CHECK(check_truth(op));
  NARROW_TRY(Operands const o, operands_of(op));
  nw_choose_params const p{o.walk};
  return call_step(kernel_call(kKernel, p, {operand(0), operand(1), result()}));
}

Result<Step> lower_not(const OpView& op, const LowerContext&) {
  NARROW_CHECK(check_truth(op));
  nw_logical_not_params const p{count_of(op)};
  return call_step(kernel_call(kLogicalNotU8, p, {operand(0), result()}));
}

constexpr QuantRule kRuleLogic{.roles = {Role::index}, .output8 = ScaleRule::none, .output16 = ScaleRule::none};

}  // namespace

const OpDef kLogicalAnd{.name = "LOGICAL_AND",
                        .arity = {.min_inputs = 2, .max_inputs = 2},
                        .quant = kRuleLogic,
                        .infer = infer_broadcast,
                        .lower = lower_logic<kLogicalAndU8>};

const OpDef kLogicalOr{.name = "LOGICAL_OR",
                       .arity = {.min_inputs = 2, .max_inputs = 2},
                       .quant = kRuleLogic,
                       .infer = infer_broadcast,
                       .lower = lower_logic<kLogicalOrU8>};

const OpDef kLogicalNot{
    .name = "LOGICAL_NOT", .arity = {}, .quant = kRuleLogic, .infer = infer_unary, .lower = lower_not};

}  // namespace narrow
