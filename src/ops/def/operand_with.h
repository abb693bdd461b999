// Operands by role.
#pragma once

#include <string>

#include "ops/def/op_def.h"

namespace narrow {

/// The position of the first operand of that role that the op has; kNoTensor where there is none.
inline int operand_with(const Op& op, Role role) {
  for (size_t i = 0; op.def && i < op.inputs.size(); ++i)
    if (op.def->quant.role(i) == role && op.inputs[i] != kNoTensor) return static_cast<int>(i);
  return kNoTensor;
}

/// That operand; null where there is none.
inline const Tensor* tensor_with(const OpView& op, Role role) {
  int const at = operand_with(op.op, role);
  return at == kNoTensor ? nullptr : &op.input(static_cast<size_t>(at));
}

/// What an operand of an op of several layers is called (OperandPart::name); empty for others.
inline std::string part_name(const Op& op, size_t operand) {
  if (op.def)
    for (const OperandPart& part : op.def->quant.parts)
      if (part.operand == operand) return part.name;
  return {};
}

}  // namespace narrow
