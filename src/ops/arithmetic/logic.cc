#include "ops/arithmetic/logic.h"

#include "ops/arithmetic/unary.h"

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

using LogicKernel = void(const nw_choose_params*, const nw_u8*, const nw_u8*, nw_u8*);

template <LogicKernel* kRun>
Result<Step> lower_logic(const OpView& op, const LowerContext&) {
  NARROW_CHECK(check_truth(op));
  NARROW_TRY(Operands const o, operands_of(op));
  nw_choose_params const p{o.walk};
  return binary_step<nw_u8>(
      o, [p](const nw_u8* a, const nw_u8* b, nw_u8* out) { kRun(&p, a, b, out); }, "truth values, plain loops", false);
}

Result<Step> lower_not(const OpView& op, const LowerContext&) {
  NARROW_CHECK(check_truth(op));
  auto run = [n = count_of(op)](const uint8_t* in, uint8_t* out) {
    for (int32_t i = 0; i < n; ++i) out[i] = in[i] == 0;
  };
  return unary_step<uint8_t, uint8_t>(op, run, "truth values, plain loops");
}

constexpr QuantRule kRuleLogic{.roles = {Role::index}, .output8 = ScaleRule::none, .output16 = ScaleRule::none};

}  // namespace

const OpDef kLogicalAnd{.name = "LOGICAL_AND",
                        .arity = {.min_inputs = 2, .max_inputs = 2},
                        .quant = kRuleLogic,
                        .infer = infer_broadcast,
                        .lower = lower_logic<nw_logical_and>};

const OpDef kLogicalOr{.name = "LOGICAL_OR",
                       .arity = {.min_inputs = 2, .max_inputs = 2},
                       .quant = kRuleLogic,
                       .infer = infer_broadcast,
                       .lower = lower_logic<nw_logical_or>};

const OpDef kLogicalNot{
    .name = "LOGICAL_NOT", .arity = {}, .quant = kRuleLogic, .infer = infer_unary, .lower = lower_not};

}  // namespace narrow
