#include "verify/support.h"

#include <algorithm>

#include "verify/forms.h"
#include "verify/runtime.h"

namespace narrow {
namespace {

struct Types {
  DType data;
  DType weights;
};

Types types_of(Width width) {
  switch (width) {
    case Width::int8:
      return {DType::int8, DType::int8};
    case Width::int16x8:
      return {DType::int16, DType::int8};
    case Width::int8x4:
      return {DType::int8, DType::int4};
    case Width::int16x4:
      return {DType::int16, DType::int4};
    case Width::dynamic:
      return {DType::float32, DType::int8};
    case Width::float32:
      break;
  }
  return {DType::float32, DType::float32};
}

const TypePlace* place(const TypeForm& form, size_t i) {
  if (i < form.operands.size()) return &form.operands[i];
  return !form.operands.empty() && form.operands.back().many ? &form.operands.back() : nullptr;
}

bool takes_operand(const TypeForm& form, std::optional<size_t> operand, DType type) {
  const TypePlace* p = operand ? place(form, *operand) : nullptr;
  return !p || holds(p->types, type);
}

/// Whether narrow has forms of an op with weights of other widths than its data.
bool has_widths(const QuantRule& rule) {
  return rule.roles.find(Role::weight) && (rule.parts.empty() || rule.any_widths);
}

}  // namespace

bool narrow_has(const OpDef& op, Width width) {
  switch (width) {
    case Width::int8:
      return op.quant.int8;
    case Width::int16x8:
      return op.quant.int16;
    case Width::int8x4:
      return op.quant.int8 && has_widths(op.quant);
    case Width::int16x4:
      return op.quant.int16 && has_widths(op.quant);
    case Width::dynamic:
      return op.quant.versions.dynamic > 0;
    case Width::float32:
      break;
  }
  return true;
}

bool runtime_has(const RuntimeDef& runtime, const OpDef& op, Width width) {
  const OpRow* row = find_row(runtime, op.name);
  auto const weights = op.quant.roles.find(Role::weight);
  bool const of_weights = width != Width::float32 && width != Width::int8 && width != Width::int16x8;
  bool const four_bits = width == Width::int8x4 || width == Width::int16x4;
  if (!row || (of_weights && !weights) || (four_bits && !narrow_has(op, width))) return false;
  auto const data = op.quant.roles.find(Role::activation);
  if (!data && width != Width::float32) return false;
  auto const types = types_of(width);
  auto const forms = parse_forms(row->forms);
  return std::any_of(forms->begin(), forms->end(), [&](const TypeForm& form) {
    return takes_operand(form, data, types.data) && takes_operand(form, weights, types.weights);
  });
}

}  // namespace narrow
