#include "graph/attribute_type.h"
#include "ops/control/body.h"
#include "ops/control/control.h"

namespace narrow {
namespace {

Status check_handle(const Tensor& t, const char* what) {
  if (t.dtype == DType::resource && t.elements() == 1) return {};
  return fail(ErrorKind::bad_file,
              std::string(what) + " is " + to_string(t.dtype) + " " + t.shape.text() + ", not one handle");
}

Result<std::shared_ptr<Variables>> variables_of(const LowerContext& context) {
  if (context.bodies) return context.bodies->variables();
  return fail(ErrorKind::unsupported, "it runs only as a part of a program");
}

size_t value_bytes(const Tensor& t) {
  return static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
}

Result<std::vector<Shape>> infer_handle(const OpView& op) {
  NARROW_CHECK(check_handle(op.output(), "its result"));
  return std::vector<Shape>{op.output().shape};
}

Result<Step> lower_handle(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto variables, variables_of(context));
  auto const& name = op.attributes<VarHandleAttributes>();
  int32_t const handle = variables->handle(name.container, name.shared_name);
  return control_step(
      ControlFlow{.kind = ControlFlow::Kind::handle, .variable = handle},
      [handle](const StepArgs& a) { *static_cast<int32_t*>(a.out[0]) = handle; }, "a number");
}

Result<std::vector<Shape>> infer_read(const OpView& op) {
  NARROW_CHECK(check_handle(op.input(0), "its operand"));
  return std::vector<Shape>{op.output().shape};
}

Result<Step> lower_read(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto variables, variables_of(context));
  return control_step(
      ControlFlow{.kind = ControlFlow::Kind::read},
      [variables = variables, dtype = op.output().dtype, shape = op.output().shape](const StepArgs& a) {
        return variables->read(*static_cast<const int32_t*>(a.in[0]), dtype, shape, static_cast<std::byte*>(a.out[0]));
      },
      "a copy");
}

Result<std::vector<Shape>> infer_assign(const OpView& op) {
  NARROW_CHECK(check_handle(op.input(0), "its first operand"));
  return std::vector<Shape>();
}

Result<Step> lower_assign(const OpView& op, const LowerContext& context) {
  NARROW_TRY(auto variables, variables_of(context));
  const Tensor& value = op.input(1);
  return control_step(
      ControlFlow{.kind = ControlFlow::Kind::assign},
      [variables = variables, dtype = value.dtype, shape = value.shape, bytes = value_bytes(value)](const StepArgs& a) {
        return variables->assign(*static_cast<const int32_t*>(a.in[0]), dtype, shape,
                                 {static_cast<const std::byte*>(a.in[1]), bytes});
      },
      "a copy");
}

constexpr Versions kOne{.float32 = 1, .int8 = 1, .int16 = 1};

}  // namespace

constexpr AttributeField kVarHandleFields[] = {
    field<&VarHandleAttributes::container>("container"),
    field<&VarHandleAttributes::shared_name>("shared_name"),
};
const AttributeType VarHandleAttributes::kType = attribute_type<VarHandleAttributes>("VarHandle", kVarHandleFields);

const OpDef kVarHandle{
    .name = "VAR_HANDLE",
    .attributes = &VarHandleAttributes::kType,
    .arity = {.min_inputs = 0, .max_inputs = 0, .outputs = 1},
    .quant = {.output8 = ScaleRule::none, .output16 = ScaleRule::none, .versions = kOne},
    .infer = infer_handle,
    .lower = lower_handle,
    .variable = VariableUse::handle,
};

const OpDef kReadVariable{
    .name = "READ_VARIABLE",
    .arity = {.min_inputs = 1, .max_inputs = 1, .outputs = 1},
    .quant = {.roles = {Role::index}, .output8 = ScaleRule::none, .output16 = ScaleRule::none, .versions = kOne},
    .infer = infer_read,
    .lower = lower_read,
    .variable = VariableUse::read,
};

const OpDef kAssignVariable{
    .name = "ASSIGN_VARIABLE",
    .arity = {.min_inputs = 2, .max_inputs = 2, .outputs = 0},
    .quant = {.roles = {Role::index, Role::activation},
              .output8 = ScaleRule::none,
              .output16 = ScaleRule::none,
              .versions = kOne},
    .infer = infer_assign,
    .lower = lower_assign,
    .has_effects = true,
    .variable = VariableUse::assign,
};

}  // namespace narrow
