// The registry: the ops that the headers of the families list.
#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/control/control.h"
#include "ops/conversions/conversions.h"
#include "ops/def/operand_with.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/recurrent/recurrent.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

constexpr std::span<const OpDef* const> kFamilies[] = {kActivationOps, kArithmeticOps, kControlOps, kConversionOps,
                                                       kIndexingOps,   kLayerOps,      kLayoutOps,  kRecurrentOps,
                                                       kReductionOps,  kWindowOps};

std::vector<const OpDef*> sorted_by_name() {
  std::vector<const OpDef*> out;
  for (auto family : kFamilies) out.insert(out.end(), family.begin(), family.end());
  for (const OpDef& function : float_functions()) out.push_back(&function);
  std::sort(out.begin(), out.end(),
            [](const OpDef* a, const OpDef* b) { return std::string_view(a->name) < std::string_view(b->name); });
  return out;
}

}  // namespace

std::vector<int> operand_slots(const Op& op) {
  std::vector<int> slots = op.inputs;
  auto const most = static_cast<size_t>(std::clamp(op.def->arity.max_inputs, 0, 8));
  if (slots.size() < most) slots.resize(most, kNoTensor);
  return slots;
}

bool is_data(const OpView& op, size_t i) {
  const QuantRule& rule = op.op.def->quant;
  if (rule.role(i) == Role::activation) return true;
  return rule.role(i) == Role::state && op.has_input(i) && !op.input(i).variable &&
         std::any_of(rule.parts.begin(), rule.parts.end(), [&](const OperandPart& part) {
           return part.operand == i && part.kind == OperandPart::Kind::begin;
         });
}

bool gives_inside(const OpView& op) {
  const OpDef* const def = op.op.def;
  if (!def || !def->inside || op.op.intermediates.size() != def->quant.inside.size() || !op.input(0).is_float())
    return false;
  std::vector<Shape> const shapes = def->inside(op);
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (op.op.intermediates[i] == kNoTensor) return false;
    const Tensor& t = op.graph.tensor(op.op.intermediates[i]);
    if (t.dtype != DType::float32 || t.constant || t.shape != shapes[i]) return false;
  }
  return true;
}

std::vector<int> given_tensors(const OpView& op) {
  std::vector<int> out = op.op.outputs;
  if (gives_inside(op)) out.insert(out.end(), op.op.intermediates.begin(), op.op.intermediates.end());
  return out;
}

int least_version(const OpView& op) {
  const QuantRule& rule = op.op.def->quant;
  size_t data = 0;
  while (data + 1 < op.input_count() && (rule.role(data) != Role::activation || !op.has_input(data))) ++data;
  DType const dtype = op.has_input(data) ? op.input(data).dtype : DType::float32;
  const Versions& v = rule.versions;
  int by_type = dtype == DType::int8 ? v.int8 : dtype == DType::int16 ? v.int16 : v.float32;
  const Tensor* const weights = tensor_with(op, Role::weight);
  if (weights && weights->is_four_bits())
    by_type = std::max(by_type, dtype == DType::int8 ? v.int8_int4 : dtype == DType::int16 ? v.int16_int4 : 0);
  return op.op.def->version ? std::max(by_type, op.op.def->version(op)) : by_type;
}

std::span<const OpDef* const> all_ops() {
  static const std::vector<const OpDef*> kOps = sorted_by_name();
  return kOps;
}

const OpDef* find_op(std::string_view name) {
  auto const ops = all_ops();
  auto const at = std::lower_bound(ops.begin(), ops.end(), name,
                                   [](const OpDef* def, std::string_view n) { return n.compare(def->name) > 0; });
  return at != ops.end() && name == (*at)->name ? *at : nullptr;
}

}  // namespace narrow
